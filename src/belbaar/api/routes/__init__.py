"""The end points, a module for each thing that is asked about; each names its own in ``ROUTES``."""
