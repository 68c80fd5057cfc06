"""The integer context networks of the content-weighted codec's entropy coder, and bits that weigh their cost."""
