"""The three generators that come with memeval."""
