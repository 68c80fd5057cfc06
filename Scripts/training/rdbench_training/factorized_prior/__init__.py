"""Autoencoders with GDN and a factorised prior: Balle et al. 2017, and with modulation."""
