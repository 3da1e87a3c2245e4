package acctest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

const everyMachine = "every-machine.md.tmpl"

// installed is a terminal in a new folder, with the provider installed as the README describes it.
func installed(t *testing.T, s *acctest.Sandbox) *acctest.Terminal {
	t.Helper()
	x := freshHome(t, acctest.NewCLI(t, s, ""))
	follow(t, x, under(readGuide(t, "../../README.md"), "Install"))
	x.Run(t, "mkdir ~/backups && cd ~/backups").MustSucceed(t)
	return x
}

// koyeb sends one request to the sandbox's Koyeb, as its own command line does, and returns the volume in the answer.
func koyeb(t *testing.T, s *acctest.Sandbox, method, path, body string) (id string) {
	t.Helper()
	url := s.Getenv("KOYEB_URL") + path
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Getenv("KOYEB_TOKEN"))
	resp, err := cleanhttp.DefaultClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() // It is read to its end.
	content, err := io.ReadAll(resp.Body)
	var out struct {
		Volume struct {
			ID string `json:"id"`
		} `json:"volume"`
	}
	if err == nil {
		err = json.Unmarshal(content, &out)
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, content, err)
	}
	return out.Volume.ID
}

// The guide's configuration follows the machines of the account: new ones, renamed ones, those that stop and those that
// are deleted. It works at each cloud, and renews every snapshot on the next day.
func TestTFGuide_everyMachine(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	config, guide := example(t, "every-machine"), readGuide(t, everyMachine)
	plan := func(want string) acctest.Result {
		t.Helper()
		return x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, want)
	}
	x.Write(t, "main.tf", config)
	follow(t, x, under(guide, "The configuration")).MustSay(t, "8 added, 0 changed, 0 destroyed")
	follow(t, x, under(guide, "Several zones and clouds")).MustSay(t, "Apply complete!")
	plan("No changes")

	s.SetSourceState("c1000000-0000-4000-8000-000000000001", "stopped")
	plan("No changes")
	const renamed = "/v1/volumes/11111102-aaaa-4aaa-8aaa-000000000002"
	koyeb(t, s, http.MethodPost, renamed, `{"name":"pictures"}`)
	plan("Changes to Outputs").MustSay(t, "without changing any real infrastructure")
	volume := koyeb(t, s, http.MethodPost, "/v1/volumes", `{"name":"new","region":"fra","max_size":"5",
		"volume_type":"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK"}`)
	plan("Plan: 1 to add, 0 to change, 0 to destroy")
	x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "1 added, 0 changed, 0 destroyed")

	koyeb(t, s, http.MethodDelete, "/v1/volumes/"+volume, "")
	plan("Plan: 0 to add, 0 to change, 1 to destroy").
		MustSay(t, "stays at the cloud", "koyeb/"+volume+"/rotation", "because key", "is not in for_each map")
	before := len(s.Remaining())
	x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "0 added, 0 changed, 1 destroyed")
	if after := len(s.Remaining()); after != before {
		t.Errorf("%d snapshots became %d with the machine", before, after)
	}

	s.Advance(24 * time.Hour)
	x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "0 added", "0 destroyed").MustNotSay(t, "0 changed")
	if after := len(s.Remaining()); after != before {
		t.Errorf("after a day, %d snapshots became %d", before, after)
	}
	plan("No changes")

	filter := strings.TrimSpace(under(guide, "Leave machines out")[0].text)
	x.Write(t, "main.tf", strings.Replace(config, "if m.max_snapshots != 0", filter, 1))
	plan("No changes")
	x.Write(t, "main.tf", strings.Replace(config, "if m.max_snapshots != 0",
		strings.Replace(filter, "test-", "srv", 1), 1))
	plan("Plan: 0 to add, 0 to change, 1 to destroy")
}

// At a cloud with a single snapshot per machine, the plan fails for one that would be overwritten. The import of the
// guide adopts it.
func TestTFGuide_everyMachineImports(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, example(t, "every-machine"))
	cli.Setenv(`TF_VAR_places={hostinger={cloud="hostinger"}}`)
	cli.Run(t, "plan").MustFail(t).MustSay(t, "would overwrite it", "replace_existing = true")
	var command string
	for _, line := range strings.Split(guideText(t, everyMachine), "`") {
		if strings.HasPrefix(line, "terraform import ") {
			command = line
		}
	}
	if command == "" {
		t.Fatal("the guide has no import")
	}
	cli.Terminal(t).Run(t, command).MustSucceed(t)
	cli.Apply(t).MustSucceed(t)
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}
