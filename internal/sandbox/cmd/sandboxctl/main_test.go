package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const inventory = `{"now":"2026-01-01T00:00:00Z","clouds":{
 "koyeb":{"sources":[{"source_id":"vol","location":"fra","name":"","state":"ready","slots":-1}],
  "snapshots":[{"snapshot_id":"k1","source_id":"vol","name":"k","state":"ready","created_at":"2026-01-01T00:00:00Z"}]},
 "contabo":{"sources":[{"source_id":"42001","location":"","name":"web","state":"running","slots":3}],"snapshots":[
  {"snapshot_id":"snap1","source_id":"42001","name":"made by hand","state":"ready","created_at":"2026-01-01T00:00:00Z"},
  {"snapshot_id":"snap2","source_id":"42002","name":"other","state":"ready","created_at":"2026-01-01T00:00:00Z"}]}}}`

// serve is a sandbox that answers with fixed texts and keeps what was sent last.
func serve(t *testing.T, seen *string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the request: %v", err)
		}
		*seen = r.Method + " " + r.URL.Path + " " + string(body)
		switch {
		case strings.Contains(string(body), "87600h"):
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"the clock cannot be moved that far"}`)
		case strings.Contains(string(body), "17h"):
			http.Error(w, "<html>", http.StatusBadGateway)
		case r.URL.Path == "/_sandbox/clock":
			_, _ = io.WriteString(w, `{"now":"2026-01-31T00:00:00Z"}`)
		case strings.Contains(string(body), "asleep"):
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"state must be one of running, stopped"}`)
		case r.URL.Path == "/_sandbox/sources":
			_, _ = io.WriteString(
				w, `{"cloud":"contabo","source_id":"42001","location":"","name":"web","state":"stopped","slots":3}`)
		case r.URL.Path == "/_sandbox/environment":
			_, _ = io.WriteString(
				w,
				`[{"name":"TOKEN","value":"it's"},{"name":"URL","value":"http://127.0.0.1:1/{zone}"}]`,
			)
		case r.URL.Path == "/_sandbox/faults":
			_, _ = io.WriteString(w, "[]")
		case r.Method == http.MethodGet:
			_, _ = io.WriteString(w, inventory)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestRun(t *testing.T) {
	const moved = "2026-01-31T00:00:00Z\n"
	for name, tc := range map[string]struct {
		args       []string
		sent, want string
	}{
		"all snapshots, clouds in order": {
			[]string{"snapshots"},
			"GET /_sandbox/world ",
			"contabo  42001  snap1  ready  made by hand\n" +
				"contabo  42002  snap2  ready  other\nkoyeb    vol    k1     ready  k\n",
		},
		"those of one machine": {
			[]string{"snapshots", "-cloud", "contabo", "-source", "42001"},
			"GET /_sandbox/world ",
			"contabo  42001  snap1  ready  made by hand\n",
		},
		"none": {[]string{"snapshots", "-source", "1"}, "GET /_sandbox/world ", ""},
		"machines and volumes": {
			[]string{"sources"},
			"GET /_sandbox/world ",
			"CLOUD    SOURCE_ID  LOCATION  NAME  STATE    SNAPSHOTS\n" +
				"contabo  42001      -         web   running  1 of 3\n" +
				"koyeb    vol        fra       -     ready    1\n",
		},
		"stop a machine": {
			[]string{"state", "42001", "stopped"},
			`POST /_sandbox/sources {"source_id":"42001","state":"stopped"}`,
			"contabo  42001  -  web  stopped\n",
		},
		"stop a machine of a location": {
			[]string{"state", "-location", "fra", "42001", "stopped"},
			`POST /_sandbox/sources {"source_id":"42001","location":"fra","state":"stopped"}`,
			"contabo  42001  -  web  stopped\n",
		},
		"environment": {
			[]string{"env"},
			"GET /_sandbox/environment ",
			"export TOKEN='it'\\''s'\nexport URL='http://127.0.0.1:1/{zone}'\n",
		},
		"advance by hours": {[]string{"advance", "720h"}, `POST /_sandbox/clock {"advance":"720h0m0s"}`, moved},
		"advance by days":  {[]string{"advance", "30d"}, `POST /_sandbox/clock {"advance":"720h0m0s"}`, moved},
		"advance back":     {[]string{"advance", "-1d"}, `POST /_sandbox/clock {"advance":"-24h0m0s"}`, moved},
		"faults":           {[]string{"faults"}, "GET /_sandbox/faults ", "[]\n"},
		"new faults":       {[]string{"faults", "-"}, `PUT /_sandbox/faults [{"do":"lose"}]`, ""},
		"reset":            {[]string{"reset"}, "POST /_sandbox/reset ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var seen string
			var out bytes.Buffer
			args := append([]string{"-url", serve(t, &seen)}, tc.args...)
			if err := run(t.Context(), args, strings.NewReader(`[{"do":"lose"}]`), &out); err != nil {
				t.Fatal(err)
			}
			if seen != tc.sent || out.String() != tc.want {
				t.Errorf("sent %q, printed %q; want %q and %q", seen, out.String(), tc.sent, tc.want)
			}
		})
	}
}

// An error is one sentence: no JSON, no page of HTML.
func TestRun_saysWhatWentWrong(t *testing.T) {
	var seen string
	url := serve(t, &seen)
	for name, tc := range map[string]struct {
		want string
		args []string
	}{
		"refused by the sandbox": {"the clock cannot be moved that far", []string{"-url", url, "advance", "3650d"}},
		"something else answers": {
			url + "/_sandbox/clock answered 502 Bad Gateway, which is not a sandbox's answer",
			[]string{"-url", url, "advance", "17h"},
		},
		"unknown state": {
			"state must be one of running, stopped", []string{"-url", url, "state", "42001", "asleep"},
		},
		"no state":           {"usage: sandboxctl state [-location NAME] ID STATE", []string{"state", "42001"}},
		"no duration":        {`"1d12h" is not a duration; write 12h, 30d or -90m`, []string{"advance", "1d12h"}},
		"too few arguments":  {"usage: sandboxctl advance DURATION", []string{"advance"}},
		"too many arguments": {"usage: sandboxctl sources", []string{"sources", "contabo"}},
		"unknown flag": {
			"usage: sandboxctl snapshots [-cloud NAME] [-source ID]",
			[]string{"snapshots", "-zone", "x"},
		},
		"unknown command": {"there is no command \"sing\"\nsandboxctl help lists the commands", []string{"sing"}},
		"no such file": {
			"read the faults: open none.json: no such file or directory", []string{"faults", "none.json"},
		},
		"no sandbox": {
			`no sandbox at http://127.0.0.1:1; start one with make sandbox: ` +
				`Get "http://127.0.0.1:1/_sandbox/world": dial tcp 127.0.0.1:1: connect: connection refused`,
			[]string{"-url", "http://127.0.0.1:1", "world"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(t.Context(), tc.args, nil, io.Discard)
			if err == nil || err.Error() != tc.want {
				t.Errorf("error %q, want %q", err, tc.want)
			}
		})
	}
}

// help, -h and no command print the same list, which has every command.
func TestRun_help(t *testing.T) {
	var want string
	for _, args := range [][]string{{"help"}, {"-h"}, nil} {
		var out bytes.Buffer
		if err := run(t.Context(), args, nil, &out); err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = out.String()
		}
		if out.String() != want {
			t.Errorf("%v prints %q, want %q", args, out.String(), want)
		}
	}
	for _, cmd := range commands() {
		if !strings.Contains(want, "  "+cmd.name) || !strings.Contains(want, cmd.help) {
			t.Errorf("%s is missing in\n%s", cmd.name, want)
		}
	}
}

// What env prints for a running sandbox is what the sandbox's own environment is.
func TestRun_envOfASandbox(t *testing.T) {
	s := sandboxtest.Start(t, all.Drivers())
	var out, want bytes.Buffer
	if err := run(t.Context(), []string{"-url", s.URL() + "/", "env"}, nil, &out); err != nil {
		t.Fatal(err)
	}
	for _, v := range s.Environment() {
		want.WriteString(v.Export())
	}
	if out.String() != want.String() || want.Len() == 0 {
		t.Errorf("printed %q, want %q", &out, &want)
	}
}
