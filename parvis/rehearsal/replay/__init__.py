"""Months of the office, day by day, through its real actions: what a weekly day for the files does to the stock."""
