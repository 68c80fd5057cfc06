"""The content-weighted codec of Li et al. 2017 and its baseline without importance map."""
