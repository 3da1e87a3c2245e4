package api

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The expected signatures come from an independent implementation of the vendor's description.
func TestSigner_vectors(t *testing.T) {
	tests := map[string]struct {
		method, url, body string
		args              string
		want              string
	}{
		"without query or body": {
			method: http.MethodGet, url: "https://api-ch-gva-2.exoscale.com/v2/snapshot",
			want: "7v6c7KEevZ1+3jJ2e7Py1Mj7uAgm4IGjsXbVD1NOof0=",
		},
		"query in ascending order of names": {
			method: http.MethodGet,
			url:    "https://api-ch-gva-2.exoscale.com/v2/template?visibility=private&family=debian",
			args:   "family;visibility", want: "3YP1bxGGHVFqcSbeSGCv6V4C5destrz82HE5c4EJX+s=",
		},
		"colon in the path": {
			method: http.MethodPost,
			url: "https://api-ch-gva-2.exoscale.com/v2/instance/" +
				"11111111-2222-4333-8444-555555555555:create-snapshot",
			want: "riAZFrjUjLZxiNRmpzKoXCVT6HaWLPwVIM/mYDp3oJU=",
		},
		"body": {
			method: http.MethodPost,
			url:    "https://api-ch-gva-2.exoscale.com/v2/snapshot/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee:promote",
			body:   `{"name":"golden"}`, want: "JKAVBNjOwy8Pcb2B3tMNxqL5goaDJ26RgjQFiZ5KzKM=",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			req := request(t, tt.method, tt.url)
			s := signer{key: "EXOkey", secret: "facts-secret-0001"}
			got := s.authorization(req, []byte(tt.body), time.Unix(1893456000, 0))
			want := "EXO2-HMAC-SHA256 credential=EXOkey,"
			if tt.args != "" {
				want += "signed-query-args=" + tt.args + ","
			}
			want += "expires=1893456000,signature=" + tt.want
			if got != want {
				t.Errorf("authorization\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestSigner_repeatedParameterIsNotSigned(t *testing.T) {
	req := request(t, http.MethodGet, "https://h.example/v2/x?a=1&a=2&b=3&c=d%20e")
	names, values := signedQuery(req)
	if got := strings.Join(names, ";"); got != "b;c" || values != "3d e" {
		t.Errorf("signedQuery = %q, %q; want b;c and the decoded values 3d e", got, values)
	}
}

func TestSigner_pathCountsAsOnTheWire(t *testing.T) {
	s := signer{key: "k", secret: "s"}
	at := time.Unix(1893456000, 0)
	escaped := s.authorization(request(t, http.MethodGet, "https://h.example/base/v2/snapshot/a%2Fb"), nil, at)
	plain := s.authorization(request(t, http.MethodGet, "https://h.example/base/v2/snapshot/a/b"), nil, at)
	short := s.authorization(request(t, http.MethodGet, "https://h.example/v2/snapshot/a%2Fb"), nil, at)
	if escaped == plain || escaped == short {
		t.Error("the signature must cover the whole path as it is escaped on the wire")
	}
}

func TestSigner_signsAnewForTheNextMinutes(t *testing.T) {
	req := request(t, http.MethodGet, "https://h.example/v2/snapshot")
	s := signer{key: "k", secret: "s"}
	req.Header.Set("Authorization", "stale")
	if err := s.sign(req, nil); err != nil {
		t.Fatal(err)
	}
	header := req.Header.Values("Authorization")
	if len(header) != 1 || !strings.HasPrefix(header[0], "EXO2-HMAC-SHA256 credential=k,expires=") {
		t.Errorf("Authorization = %q", header)
	}
}

func request(t *testing.T, method, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return req
}
