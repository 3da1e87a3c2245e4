package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const world = `{"now":"2026-01-01T00:00:00Z","clouds":{
 "koyeb":{"snapshots":[{"snapshot_id":"k1","source_id":"vol","name":"k","state":"ready","created_at":"2026-01-01T00:00:00Z"}]},
 "contabo":{"snapshots":[
  {"snapshot_id":"snap1","source_id":"42001","name":"made by hand","state":"ready","created_at":"2026-01-01T00:00:00Z"},
  {"snapshot_id":"snap2","source_id":"42002","name":"other","state":"ready","created_at":"2026-01-01T00:00:00Z"}]}}}`

func serve(t *testing.T, seen *string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the request: %v", err)
		}
		*seen = r.Method + " " + r.URL.Path + " " + string(body)
		if strings.Contains(string(body), "never") {
			http.Error(w, "bad duration", http.StatusBadRequest)
			return
		}
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, world)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestRun(t *testing.T) {
	for name, tc := range map[string]struct {
		args       []string
		sent, want string
	}{
		"all snapshots, clouds in order": {
			[]string{"snapshots"},
			"GET /_sandbox/world ",
			"contabo  42001  snap1  ready  made by hand\ncontabo  42002  snap2  ready  other\nkoyeb    vol    k1     ready  k\n",
		},
		"those of one machine": {
			[]string{"snapshots", "-cloud", "contabo", "-source", "42001"},
			"GET /_sandbox/world ",
			"contabo  42001  snap1  ready  made by hand\n",
		},
		"none":    {[]string{"snapshots", "-source", "1"}, "GET /_sandbox/world ", ""},
		"advance": {[]string{"advance", "720h"}, `POST /_sandbox/clock {"advance":"720h"}`, ""},
		"reset":   {[]string{"reset"}, "POST /_sandbox/reset ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var seen string
			var out bytes.Buffer
			if err := run(t.Context(), append([]string{"-url", serve(t, &seen)}, tc.args...), &out); err != nil {
				t.Fatal(err)
			}
			if seen != tc.sent || out.String() != tc.want {
				t.Errorf("sent %q, printed %q; want %q and %q", seen, out.String(), tc.sent, tc.want)
			}
		})
	}
}

func TestRun_saysWhatWentWrong(t *testing.T) {
	var seen string
	url := serve(t, &seen)
	for want, args := range map[string][]string{
		"bad duration":         {"-url", url, "advance", "never"},
		"one duration":         {"-url", url, "advance"},
		"want world":           {"-url", url, "sing"},
		"is a sandbox running": {"-url", "http://127.0.0.1:1", "world"},
	} {
		err := run(t.Context(), args, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}
