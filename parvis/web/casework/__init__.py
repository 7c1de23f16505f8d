"""The back office: the worklist of each officer, one file, signing, silences, the Thursday board, the stock."""
