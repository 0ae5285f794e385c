"""LimeSurvey's survey structure (.lss), database versions 150 to 650."""
