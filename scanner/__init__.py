"""tanaoroshi: finds and classifies personal information in Japanese documents."""
