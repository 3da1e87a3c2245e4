package kit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// opened is a driver that only counts how often it is opened.
type opened struct{ times *int }

func (opened) Descriptor() driver.Descriptor {
	return driver.Descriptor{Name: "mist", Title: "Mist", Fields: []driver.Field{
		{Name: "token", Env: []string{"MIST_TOKEN", "MIST_KEY"}, Required: true, Sensitive: true},
		{Name: "user", Env: []string{"MIST_USER"}, Required: true},
		{Name: "endpoint", Default: "https://api.example.net", Endpoint: true},
	}}
}

func (o opened) Open(driver.Settings) (driver.Client, error) {
	*o.times++
	return nothing{}, nil
}

type nothing struct{}

func (nothing) KindOf(error) driver.Kind { return driver.KindUnknown }

func TestClouds_open(t *testing.T) {
	complete := map[string]string{"token": "t", "user": "u", "endpoint": "https://api.example.net"}
	tests := map[string]struct {
		name   string
		config kit.Config
		want   []string // nil opens
	}{
		"complete": {"mist", kit.Config{Settings: driver.Settings{Values: complete}}, nil},
		"one is missing": {
			"mist",
			kit.Config{Settings: driver.Settings{Values: map[string]string{"token": "t"}}},
			[]string{"Mist is not configured: user is missing", "Set user in the provider's mist block, or the environment: " +
				"MIST_USER."},
		},
		"all are missing": {
			"mist",
			kit.Config{},
			[]string{"Mist is not configured: token, user are missing", "MIST_TOKEN or MIST_KEY, MIST_USER."},
		},
		// The credentials are known, the endpoint is not: nobody may send them to the default.
		"known only after apply": {
			"mist",
			kit.Config{Settings: driver.Settings{Values: complete}, Unknown: true},
			[]string{"the provider's mist block has values that are known only after apply", "-target"},
		},
		"refused": {
			"mist",
			kit.Config{
				Settings: driver.Settings{Values: complete},
				Refused: &driver.Error{
					Kind:    driver.KindMisconfigured,
					Message: "the value of MIST_TOKEN ends with a line break",
					Hint:    "Use trimspace.",
				},
			},
			[]string{"the value of MIST_TOKEN ends with a line break", "Use trimspace."},
		},
		"no such cloud": {"fog", kit.Config{}, []string{`there is no cloud "fog"`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			times := 0
			clouds := kit.NewClouds(
				[]driver.Driver{opened{&times}},
				map[string]kit.Config{"mist": test.config},
				cloud.Options{},
				0,
			)
			_, err := clouds.Open(test.name)
			_, again := clouds.Open(test.name)
			if test.want == nil {
				if err != nil || again != nil || times != 1 {
					t.Errorf("opened %d times: %v, %v", times, err, again)
				}
				return
			}
			var e *driver.Error
			if !errors.As(err, &e) || e.Kind != driver.KindMisconfigured || times != 0 {
				t.Fatalf("opened %d times: %v", times, err)
			}
			for _, want := range test.want {
				if !strings.Contains(e.Message+"\n"+e.Hint, want) {
					t.Errorf("%q and %q do not say %q", e.Message, e.Hint, want)
				}
			}
		})
	}
}
