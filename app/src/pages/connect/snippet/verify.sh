# KEYSTEAD_KEY is the key of your program. KEY is the key that a client has sent.
curl -sS '@SERVER@/v1/keys/verify' \
  -H "Authorization: Bearer $KEYSTEAD_KEY" \
  -H 'Content-Type: application/json' \
  -d "{\"key\": \"$KEY\", \"permissions\": [\"read\"], \"ip\": \"203.0.113.7\"}"
