"""Where documents lie: walks them and opens them."""
