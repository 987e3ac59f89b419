"""Files of chats that somebody has, as a dataset's folder."""
