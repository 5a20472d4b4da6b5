"""Review: everybody accounted for, the second person's check beside the rendered receipt, and the close of the day."""
