# KEYSTEAD_KEY is your own key, KEY the one that a client has shown you.
curl -sS '@SERVER@/v1/keys/verify' \
  -H "Authorization: Bearer $KEYSTEAD_KEY" \
  -H 'Content-Type: application/json' \
  -d "{\"key\": \"$KEY\", \"permissions\": [\"read\"], \"ip\": \"203.0.113.7\"}"
