"""The commands: with the factory, the only place that knows every room."""
