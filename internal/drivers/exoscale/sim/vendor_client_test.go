package sim_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// exo sends what the vendor's command line sends, to a sandbox that listens on TCP. The types below are decoded as
// strictly as its library does.
type exo struct {
	t                     *testing.T
	key, secret, endpoint string
}

type exoRef struct {
	ID string `json:"id"`
}

type exoOperation struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	Reason    string `json:"reason"`
	Message   string `json:"message"`
	Reference *struct {
		ID      string `json:"id"`
		Link    string `json:"link"`
		Command string `json:"command"`
	} `json:"reference"`
}

type exoSnapshot struct {
	ID                    string    `json:"id"`
	Name                  string    `json:"name"`
	CreatedAt             time.Time `json:"created-at"`
	State                 string    `json:"state"`
	Size                  int64     `json:"size"`
	Instance              *exoRef   `json:"instance"`
	ApplicationConsistent *bool     `json:"application-consistent"`
	Export                *struct {
		PresignedURL string `json:"presigned-url"`
		MD5Sum       string `json:"md5sum"`
	} `json:"export"`
}

type exoInstance struct {
	ID                 string            `json:"id"`
	Name               string            `json:"name"`
	CreatedAt          time.Time         `json:"created-at"`
	State              string            `json:"state"`
	DiskSize           int64             `json:"disk-size"`
	PublicIP           net.IP            `json:"public-ip"`
	PublicIPAssignment string            `json:"public-ip-assignment"`
	Labels             map[string]string `json:"labels"`
	InstanceType       *exoRef           `json:"instance-type"`
	Template           *exoRef           `json:"template"`
	Snapshots          []exoRef          `json:"snapshots"`
	SecurityGroups     []exoRef          `json:"security-groups"`
	SecurebootEnabled  *bool             `json:"secureboot-enabled"`
	TPMEnabled         *bool             `json:"tpm-enabled"`
}

type exoTemplate struct {
	ID              string    `json:"id"`
	Name            string    `json:"name"`
	Description     string    `json:"description"`
	Family          string    `json:"family"`
	CreatedAt       time.Time `json:"created-at"`
	Visibility      string    `json:"visibility"`
	Size            int64     `json:"size"`
	Version         string    `json:"version"`
	Build           string    `json:"build"`
	Maintainer      string    `json:"maintainer"`
	Checksum        string    `json:"checksum"`
	DefaultUser     string    `json:"default-user"`
	BootMode        string    `json:"boot-mode"`
	URL             string    `json:"url"`
	Zones           []string  `json:"zones"`
	SSHKeyEnabled   *bool     `json:"ssh-key-enabled"`
	PasswordEnabled *bool     `json:"password-enabled"`
}

type (
	exoSnapshots struct{ Snapshots []exoSnapshot }
	exoInstances struct{ Instances []exoInstance }
	exoTemplates struct{ Templates []exoTemplate }
)

func newExo(t *testing.T) *exo {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{exoscale.Driver{}})
	values := map[string]string{}
	for _, v := range box.Environment() {
		values[v.Name] = v.Value
	}
	return &exo{
		t: t, key: values["EXOSCALE_API_KEY"], secret: values["EXOSCALE_API_SECRET"],
		endpoint: values["EXOSCALE_API_ENDPOINT"],
	}
}

// in continues with the endpoint that the list of zones has for a zone. The request for the list goes to the configured
// endpoint, and is not signed.
func (e *exo) in(zone string) *exo {
	e.t.Helper()
	var list struct {
		Zones []struct {
			Name        string `json:"name"`
			APIEndpoint string `json:"api-endpoint"`
			SOSEndpoint string `json:"sos-endpoint"`
		}
	}
	e.send(http.MethodGet, "/zone", nil, false, http.StatusOK, &list)
	for _, z := range list.Zones {
		if z.Name == zone && strings.HasSuffix(z.APIEndpoint, "/v2") && z.SOSEndpoint != "" {
			there := *e
			there.endpoint = z.APIEndpoint
			return &there
		}
	}
	e.t.Fatalf("no zone %s in %+v", zone, list)
	return nil
}

// send sends a request. A nil body is none, and "" is one that is announced in chunks and empty.
func (e *exo) send(method, path string, body *string, signed bool, status int, out any) {
	e.t.Helper()
	var reader io.Reader
	content := ""
	if body != nil {
		content = *body
		reader = io.MultiReader(strings.NewReader(content)) // Its length cannot be told beforehand.
	}
	r, err := http.NewRequestWithContext(e.t.Context(), method, e.endpoint+path, reader)
	if err != nil {
		e.t.Fatal(err)
	}
	r.Header.Set("User-Agent", "egoscale/v3")
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if signed {
		r.Header.Set("Authorization", e.authorization(r, content))
	}
	resp, err := cleanhttp.DefaultTransport().RoundTrip(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		e.t.Fatalf("%s %s: HTTP %d, want %d: %s (%v)", method, r.URL, resp.StatusCode, status, answer, err)
	}
	if !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		e.t.Fatalf("%s %s: Content-Type %q", method, r.URL, resp.Header.Get("Content-Type"))
	}
	if err := json.Unmarshal(answer, out); err != nil {
		e.t.Fatalf("%s %s: %v in %s", method, r.URL, err, answer)
	}
}

// authorization signs by the vendor's description, apart from the project's client.
func (e *exo) authorization(r *http.Request, body string) string {
	var names []string
	for name, values := range r.URL.Query() {
		if len(values) == 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	values := ""
	for _, name := range names {
		values += r.URL.Query().Get(name)
	}
	expires := time.Now().Add(10 * time.Minute).Unix()
	mac := hmac.New(sha256.New, []byte(e.secret))
	_, _ = fmt.Fprintf(mac, "%s %s\n%s\n%s\n\n%d", r.Method, r.URL.EscapedPath(), body, values, expires)
	parts := []string{"EXO2-HMAC-SHA256 credential=" + e.key}
	if len(names) > 0 {
		parts = append(parts, "signed-query-args="+strings.Join(names, ";"))
	}
	return strings.Join(append(parts, fmt.Sprintf("expires=%d", expires), "signature="+
		base64.StdEncoding.EncodeToString(mac.Sum(nil))), ",")
}

func (e *exo) get(path string, out any) {
	e.t.Helper()
	e.send(http.MethodGet, path, nil, true, http.StatusOK, out)
}

// run starts an operation and polls it until it has ended, as the vendor's library does. An operation that has ended in
// the first answer counts as failed here, because the library would not read its state.
func (e *exo) run(method, path string, body *string) exoOperation {
	e.t.Helper()
	var op exoOperation
	e.send(method, path, body, true, http.StatusOK, &op)
	if op.State != "pending" || op.Reference == nil || op.Reference.ID == "" {
		e.t.Fatalf("%s %s: %+v", method, path, op)
	}
	for tries := 0; op.State == "pending"; tries++ {
		if tries > 3 {
			e.t.Fatalf("%s %s is never over: %+v", method, path, op)
		}
		e.get("/operation/"+op.ID, &op)
	}
	if op.State != "success" || op.Reference == nil {
		e.t.Fatalf("%s %s: %+v", method, path, op)
	}
	return op
}

// find looks an instance up by its name or ID in the listing, which is all that the command line ever does.
func (e *exo) find(nameOrID string) exoInstance {
	e.t.Helper()
	var list exoInstances
	e.get("/instance", &list)
	for _, i := range list.Instances {
		if (i.Name == nameOrID || i.ID == nameOrID) && i.InstanceType != nil && i.Template != nil &&
			i.PublicIP != nil &&
			!i.CreatedAt.IsZero() {
			return i
		}
	}
	e.t.Fatalf("no instance %s in %+v", nameOrID, list)
	return exoInstance{}
}

func (e *exo) snapshot(id string) exoSnapshot {
	e.t.Helper()
	var list exoSnapshots
	e.get("/snapshot", &list)
	for _, s := range list.Snapshots {
		if s.ID == id {
			return s
		}
	}
	e.t.Fatalf("no snapshot %s in %+v", id, list)
	return exoSnapshot{}
}

// show is what follows every change of an instance: the instance with its size and template, and a reverse name that it
// does not have.
func (e *exo) show(id string) exoInstance {
	e.t.Helper()
	var i exoInstance
	e.get("/instance/"+e.find(id).ID, &i)
	// The command line takes all of these for granted.
	if i.SecurebootEnabled == nil || i.TPMEnabled == nil || i.InstanceType == nil || i.Template == nil ||
		i.DiskSize < 10 {
		e.t.Fatalf("instance %+v", i)
	}
	var size struct {
		Family, Size string
		CPUs, Memory int64
	}
	e.get("/instance-type/"+i.InstanceType.ID, &size)
	var t exoTemplate
	e.get("/template/"+i.Template.ID, &t)
	if size.Family != "standard" || size.Size != "small" || size.Memory < 1<<30 || t.Name == "" {
		e.t.Errorf("size %+v, template %+v", size, t)
	}
	var absent struct{ Message string }
	e.send(http.MethodGet, "/reverse-dns/instance/"+i.ID, nil, true, http.StatusNotFound, &absent)
	if absent.Message != "not found" {
		e.t.Errorf("reverse name: %+v", absent)
	}
	return i
}

func text(s string) *string { return &s }

func TestVendorClient_snapshots(t *testing.T) {
	for _, zone := range []string{"ch-gva-2", "de-fra-1"} {
		t.Run(zone, func(t *testing.T) {
			e := newExo(t).in(zone)
			web := e.find("web-1")
			op := e.run(http.MethodPost, "/instance/"+web.ID+":create-snapshot", nil)
			made := e.snapshot(op.Reference.ID)
			if made.Name == "" || made.State != "ready" || made.Size != 10 || made.Instance == nil ||
				made.Instance.ID != web.ID ||
				made.CreatedAt.IsZero() || made.ApplicationConsistent == nil ||
				op.Reference.Link != "/v2/snapshot/"+made.ID {
				t.Errorf("made %+v by %+v", made, op)
			}
			// A client that wraps its body for signing announces one in chunks, and sends none.
			e.run(http.MethodPost, "/instance/"+web.ID+":create-snapshot", text(""))

			op = e.run(http.MethodPut, "/instance/"+web.ID+":stop", nil)
			if op.Reference.ID != web.ID {
				t.Errorf("stop refers to %+v", op.Reference)
			}
			e.run(
				http.MethodPost,
				"/instance/"+web.ID+":revert-snapshot",
				text(`{"id":"`+strings.ToUpper(made.ID)+`"}`),
			)
			if i := e.show("web-1"); i.State != "stopped" || len(i.Snapshots) != 2 {
				t.Errorf("reverted: %+v", i)
			}
			e.run(http.MethodPut, "/instance/"+web.ID+":start", text("{}"))
			e.run(http.MethodDelete, "/snapshot/"+made.ID, nil)
			var gone struct{ Message string }
			e.send(http.MethodGet, "/snapshot/"+made.ID, nil, true, http.StatusNotFound, &gone)
			if gone.Message != "not found" || e.show(web.ID).State != "running" {
				t.Errorf("deleted: %+v", gone)
			}
		})
	}
}

// The vendor's command line registers a template of a snapshot by exporting it, and reads what it does not say from the
// instance's own template.
func TestVendorClient_templateOfASnapshot(t *testing.T) {
	e := newExo(t).in("ch-gva-2")
	e.run(http.MethodPost, "/snapshot/"+sim.GenevaOld+":export", nil)
	var n exoSnapshot
	e.get("/snapshot/"+sim.GenevaOld, &n)
	if n.Export == nil || n.State != "exported" {
		t.Fatalf("exported: %+v", n)
	}
	file := e.download(n.Export.PresignedURL)
	sum := md5.Sum(file)
	if hex.EncodeToString(sum[:]) != n.Export.MD5Sum || !bytes.HasPrefix(file, []byte("QFI\xfb")) {
		t.Errorf("the file is not what %+v says", n.Export)
	}
	var from exoTemplate
	e.get("/template/"+e.show(n.Instance.ID).Template.ID, &from)
	if from.SSHKeyEnabled == nil || from.PasswordEnabled == nil || from.BootMode == "" {
		t.Fatalf("template: %+v", from)
	}
	body, err := json.Marshal(map[string]any{
		"name": "golden", "url": n.Export.PresignedURL, "checksum": n.Export.MD5Sum, "boot-mode": from.BootMode,
		"default-user":    from.DefaultUser,
		"ssh-key-enabled": *from.SSHKeyEnabled, "password-enabled": *from.PasswordEnabled,
	})
	if err != nil {
		t.Fatal(err)
	}
	op := e.run(http.MethodPost, "/template", text(string(body)))
	var made exoTemplate
	e.get("/template/"+op.Reference.ID, &made)
	if made.Visibility != "private" || made.Size == 0 || made.DefaultUser != from.DefaultUser ||
		!slices.Equal(made.Zones, []string{"ch-gva-2"}) {
		t.Errorf("made %+v", made)
	}

	var list exoTemplates
	e.get("/template?visibility=private", &list)
	if len(list.Templates) != 1 || list.Templates[0].ID != made.ID {
		t.Errorf("private templates: %+v", list)
	}
	e.get("/template?visibility=public&family="+strings.ReplaceAll(from.Family, " ", "%20"), &list)
	if len(list.Templates) != 1 || list.Templates[0].ID != from.ID {
		t.Errorf("public templates of the family: %+v", list)
	}
	e.run(http.MethodPut, "/template/"+made.ID, text(`{"description":"renamed only here"}`))
	e.get("/template/"+made.ID, &made)
	if made.Name != "golden" || made.Description != "renamed only here" {
		t.Errorf("changed to %+v", made)
	}
	e.run(http.MethodPost, "/template/"+made.ID, text(`{"target-zone":{"name":"de-fra-1"}}`))
	e.run(http.MethodDelete, "/template/"+made.ID, nil)
	e.in("de-fra-1").get("/template?visibility=private", &list)
	if len(list.Templates) != 1 || list.Templates[0].Name != "golden" {
		t.Errorf("copied: %+v", list)
	}
}

func (e *exo) download(url string) []byte {
	e.t.Helper()
	r, err := http.NewRequestWithContext(e.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	resp, err := cleanhttp.DefaultTransport().RoundTrip(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		e.t.Fatalf("HTTP %d: %v", resp.StatusCode, err)
	}
	return content
}

func TestVendorClient_refusals(t *testing.T) {
	e := newExo(t).in("ch-gva-2")
	// The vendor's library reads the message of whatever JSON it gets, which must be an object with a text or none.
	var failed struct{ Message string }
	revert := text(`{"id":"` + sim.GenevaOld + `"}`)
	e.send(http.MethodPost, "/instance/"+sim.GenevaDB+":revert-snapshot", revert, true, http.StatusPreconditionFailed,
		&failed)
	e.send(http.MethodPost, "/instance/"+sim.GenevaStandby+":revert-snapshot", revert, true, http.StatusBadRequest,
		&failed)
	e.send(http.MethodGet, "/snapshot/not-a-uuid", nil, true, http.StatusBadRequest, &failed)
	e.send(http.MethodGet, "/snapshot/"+strings.ToUpper(sim.GenevaOld), nil, true, http.StatusOK, &exoSnapshot{})
	e.send(http.MethodPatch, "/snapshot/"+sim.GenevaOld, nil, true, http.StatusMethodNotAllowed, &failed)
	e.send(http.MethodGet, "/snapshot", nil, false, http.StatusForbidden, &failed)
	e.secret = "wrong"
	e.send(http.MethodGet, "/snapshot", nil, true, http.StatusForbidden, &failed)
	if failed.Message != "Invalid request signature" {
		t.Errorf("wrong secret: %+v", failed)
	}
}

// An operation may end in each of the vendor's ways, and what it should have made is not there then.
func TestVendorClient_failedOperations(t *testing.T) {
	e := newExo(t).in("ch-gva-2")
	for host, want := range map[string]struct{ state, reason string }{
		"broken.example.net":           {"failure", "fault"},
		"busy.broken.example.net":      {"failure", "busy"},
		"not-found.broken.example.net": {"failure", "not-found"},
		"timeout.broken.example.net":   {"timeout", ""},
		"www.broken.example.net":       {"success", ""},
	} {
		var op exoOperation
		body := `{"name":"x","url":"https://` + host +
			`/x.qcow2","checksum":"d41d8cd98f00b204e9800998ecf8427e","ssh-key-enabled":true,"password-enabled":false}`
		e.send(http.MethodPost, "/template", &body, true, http.StatusOK, &op)
		e.get("/operation/"+op.ID, &op)
		if op.State != want.state || op.Reason != want.reason || (op.Message == "") != (want.state == "success") {
			t.Errorf("%s: %+v", host, op)
		}
	}
	var list exoTemplates
	e.get("/template?visibility=private", &list)
	if len(list.Templates) != 1 {
		t.Errorf("templates: %+v", list)
	}
}

func TestVendorClient_instanceFilters(t *testing.T) {
	e := newExo(t).in("ch-gva-2")
	ip := e.find("db-1").PublicIP.String()
	for query, n := range map[string]int{"": 6, "?ip-address=" + ip: 1, "?ip-address=203.0.113.9": 0, "?manager-id=" +
		sim.GenevaDB + "&manager-type=instance-pool": 0} {
		var list exoInstances
		e.get("/instance"+query, &list)
		if len(list.Instances) != n {
			t.Errorf("%q: %d instances, want %d", query, len(list.Instances), n)
		}
	}
	var sizes struct {
		Sizes []exoRef `json:"instance-types"`
	}
	e.get("/instance-type", &sizes)
	var failed struct{ Message string }
	e.send(http.MethodGet, "/instance-type/"+sim.GenevaDB, nil, true, http.StatusNotFound, &failed)
	if len(sizes.Sizes) != 1 || sizes.Sizes[0].ID != e.find("db-1").InstanceType.ID {
		t.Errorf("sizes: %+v", sizes)
	}
}
