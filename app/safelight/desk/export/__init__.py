"""The export: for whom, which uses, where; who is in, who is out and why; one bar; the bundle."""
