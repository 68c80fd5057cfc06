"""Content-weighted networks that start as a transform codec, and their importance map."""
