UPDATE calls SET reference = json_extract(state, '$.reference') WHERE reference IS NULL;
