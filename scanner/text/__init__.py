"""Text: encodings, the folded view with its way back, layout, masking."""
