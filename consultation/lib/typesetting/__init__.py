"""Tagged PDF documents, typeset from data with the fonts of this folder."""
