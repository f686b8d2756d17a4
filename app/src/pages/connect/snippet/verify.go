package keys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

var client = http.Client{Timeout: 2 * time.Second}

// Verdict says whether a key is valid and may do what the request asks for.
type Verdict struct {
	Valid bool   `json:"valid"`
	Code  string `json:"code"`
	KeyID string `json:"key_id"`
	Name  string `json:"name"`
}

// Verify asks whether a key that a client has sent may read. After an error, refuse the request.
func Verify(key, ip string) (verdict Verdict, err error) {
	body, err := json.Marshal(map[string]any{"key": key, "permissions": []string{"read"}, "ip": ip})
	if err != nil {
		return verdict, err
	}
	request, err := http.NewRequest("POST", "@SERVER@/v1/keys/verify", bytes.NewReader(body))
	if err != nil {
		return verdict, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("KEYSTEAD_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return verdict, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return verdict, fmt.Errorf("keystead answered %s", answer.Status)
	}
	err = json.NewDecoder(answer.Body).Decode(&verdict)
	return verdict, err
}
