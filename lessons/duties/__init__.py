"""What is owed: opened and fulfilled by steps, reminded of by the sweep."""
