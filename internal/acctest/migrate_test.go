package acctest_test

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// A machine moves from one cloud to the other with the example's own configuration. The other cloud must have been
// given the very file, and the URL must be found nowhere: not in the state, not in a plan, not in the most talkative
// log.
func TestTFMigrate_movesAMachine(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(examples + "/move-a-machine/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, strings.Replace(string(example), `provider "cloudsnap" {}`, acctest.ProviderConfig, 1))
	cli.Setenv("TF_LOG=TRACE")
	seen := map[string]string{}

	seen["first plan"] = cli.Run(t, "plan", "-out=first").MustSucceed(t).Output
	seen["first plan file"] = cli.Run(t, "show", "-json", "first").MustSucceed(t).Output
	seen["first apply"] = cli.Run(t, "apply", "first").MustSucceed(t).Output
	seen["first state"] = cli.State(t)
	links := []string{handedOver(t, s, 1)}

	// Nothing is left to do, and looking again exports nothing.
	before := exportCalls(s)
	seen["second plan"] = cli.Run(t, "plan", "-detailed-exitcode", "-out=second").MustSucceed(t).Output
	seen["second plan file"] = cli.Run(t, "show", "-json", "second").MustSucceed(t).Output
	if n := exportCalls(s) - before; n != 0 {
		t.Errorf("the second plan exported %d times", n)
	}

	// Once more, with a fresh snapshot.
	cli.Setenv("TF_VAR_attempt=2")
	seen["third plan"] = cli.Run(t, "plan", "-out=third").MustSucceed(t).Output
	seen["third plan file"] = cli.Run(t, "show", "-json", "third").MustSucceed(t).Output
	seen["third apply"] = cli.Run(t, "apply", "third").MustSucceed(t).Output
	seen["last state"] = cli.State(t)
	links = append(links, handedOver(t, s, 1))
	if links[0] == links[1] {
		t.Error("the second move used the first one's file")
	}

	if !strings.Contains(seen["first apply"], "request answered") {
		t.Error("the log has no requests, so the test has seen nothing")
	}
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil || u.RawQuery == "" {
			t.Fatalf("%s has no signature to look for: %v", link, err)
		}
		for where, text := range seen {
			for what, canary := range map[string]string{
				"URL": link, "path": u.Path, "query": u.RawQuery, "signature": u.Query().Get("X-Amz-Signature"),
			} {
				if canary != "" && strings.Contains(text, canary) {
					t.Errorf("the %s appears in the %s", what, where)
				}
			}
		}
	}
	leftBefore := len(s.Inventory()["contabo"].Images)
	cli.Setenv("TF_LOG=")
	cli.Destroy(t).MustSucceed(t)
	if left := len(s.Inventory()["contabo"].Images); left != leftBefore-1 {
		t.Errorf("%d images became %d", leftBefore, left)
	}
}

// handedOver is the URL that the receiving cloud was given, whose file must be the export of a snapshot.
func handedOver(t *testing.T, s *acctest.Sandbox, want int) string {
	t.Helper()
	custom := false
	images, err := s.Cloud(t, "contabo").Images(t.Context(), driver.ImageFilter{Standard: &custom})
	if err != nil || len(images) != want {
		t.Fatalf("%d images, %v", len(images), err)
	}
	link := images[0].URL
	u, err := url.Parse(link)
	if err != nil || !strings.HasSuffix(u.Path, ".qcow2") || images[0].State != driver.StateReady {
		t.Fatalf("the image is %+v, %v", images[0], err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	file, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d, %v", resp.StatusCode, err)
	}
	sum := md5.Sum(file)
	etag := strings.Trim(resp.Header.Get("ETag"), `"`)
	if etag != hex.EncodeToString(sum[:]) || !strings.HasPrefix(string(file), "QFI\xfb") {
		t.Errorf("the file has the MD5 %x, and the storage says %s", sum, etag)
	}
	return link
}

func exportCalls(s *acctest.Sandbox) int {
	n := 0
	for _, e := range s.Requests("exoscale") {
		if strings.HasSuffix(e.Path, ":export") {
			n++
		}
	}
	return n
}
