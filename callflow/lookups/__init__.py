"""HTTP lookups: requests of a flow to the company's own systems, within the limits that ops set."""
