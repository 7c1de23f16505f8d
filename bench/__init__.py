"""Speed, side by side with a peer or the limit. Machines are noisy: read the ratios, never an absolute alone."""
