"""What the kit offers to FiftyOne's dataset zoo: each folder is a remotely-sourced zoo dataset.

FiftyOne copies such a folder into its own zoo and imports it from there; see
https://docs.voxel51.com/dataset_zoo/remote.html.
"""
