package sim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// hapi sends what the vendor's command line sends, to a sandbox that listens on TCP: a token, a name, and nothing about
// formats. The types below are decoded as strictly as its generated client does.
type hapi struct {
	t          *testing.T
	url, token string
}

type hapiSnapshot struct {
	ID          *int       `json:"id"`
	RestoreTime *int       `json:"restore_time"`
	CreatedAt   *time.Time `json:"created_at"`
	ExpiresAt   *time.Time `json:"expires_at"`
}

func (s hapiSnapshot) whole() bool {
	return s.ID != nil && s.RestoreTime != nil && s.CreatedAt != nil && s.ExpiresAt != nil
}

type hapiAction struct {
	ID        *int       `json:"id"`
	Name      *string    `json:"name"`
	State     *string    `json:"state"`
	CreatedAt *time.Time `json:"created_at"`
	UpdatedAt *time.Time `json:"updated_at"`
}

func (a hapiAction) whole() bool {
	return a.ID != nil && a.Name != nil && a.State != nil && a.CreatedAt != nil && a.UpdatedAt != nil
}

type hapiMachine struct {
	ID              *int    `json:"id"`
	FirewallGroupID *int    `json:"firewall_group_id"`
	SubscriptionID  *string `json:"subscription_id"`
	DataCenterID    *int    `json:"data_center_id"`
	Plan            *string `json:"plan"`
	Hostname        *string `json:"hostname"`
	State           *string `json:"state"`
	ActionsLock     *string `json:"actions_lock"`
	CPUs            *int    `json:"cpus"`
	Memory          *int    `json:"memory"`
	Disk            *int    `json:"disk"`
	Bandwidth       *int    `json:"bandwidth"`
	IPv4            *[]struct {
		ID      *int    `json:"id"`
		Address *string `json:"address"`
		PTR     *string `json:"ptr"`
	} `json:"ipv4"`
	Template *struct {
		ID   *int    `json:"id"`
		Name *string `json:"name"`
	} `json:"template"`
	CreatedAt *time.Time `json:"created_at"`
}

func (m hapiMachine) whole() bool {
	return m.ID != nil && m.Plan != nil && m.Hostname != nil && m.State != nil &&
		m.ActionsLock != nil && m.Disk != nil &&
		m.IPv4 != nil && m.Template != nil &&
		m.CreatedAt != nil
}

type hapiPage[T any] struct {
	Data []T `json:"data"`
	Meta struct {
		CurrentPage *int `json:"current_page"`
		PerPage     *int `json:"per_page"`
		Total       *int `json:"total"`
	} `json:"meta"`
}

type hapiError struct {
	Message       *string             `json:"message"`
	CorrelationID *string             `json:"correlation_id"`
	Errors        map[string][]string `json:"errors"`
}

func newHapi(t *testing.T, options ...sandboxtest.Option) (*hapi, *sandboxtest.Sandbox) {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{hostinger.Driver{}}, options...)
	h := &hapi{t: t}
	for _, v := range box.Environment() {
		switch v.Name {
		case "HOSTINGER_API_URL":
			h.url = v.Value
		case "HOSTINGER_API_TOKEN":
			h.token = v.Value
		}
	}
	return h, box
}

func (h *hapi) call(method, path string, status int, out any) http.Header {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+"/api/vps/v1/virtual-machines"+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("User-Agent", "hostinger-cli/v1.0.0")
	r.Header.Set("Authorization", "Bearer "+h.token)
	return h.send(r, status, out)
}

// get reads something that is not below the VMs.
func (h *hapi) get(path string, out any) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+"/api/vps/v1"+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.token)
	h.send(r, http.StatusOK, out)
}

func (h *hapi) send(r *http.Request, status int, out any) http.Header {
	h.t.Helper()
	resp, err := cleanhttp.DefaultTransport().RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status || !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		h.t.Fatalf("%s %s: HTTP %d, want %d: %s (%v)", r.Method, r.URL, resp.StatusCode, status, content, err)
	}
	// What only some clients read may not be a number in quotes, or a fraction of one.
	if err := json.Unmarshal(content, out); err != nil {
		h.t.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, content)
	}
	return resp.Header
}

func of(vm int, below string) string { return fmt.Sprintf("/%d%s", vm, below) }

// start begins an action and looks at it until it is over.
func (h *hapi) start(method string, vm int, below, name string) {
	h.t.Helper()
	var a hapiAction
	h.call(method, of(vm, below), http.StatusOK, &a)
	if !a.whole() || *a.State != "created" || *a.Name != name {
		h.t.Fatalf("%s %s: %+v", method, below, a)
	}
	h.call(http.MethodGet, of(vm, fmt.Sprintf("/actions/%d", *a.ID)), http.StatusOK, &a)
	if !a.whole() || *a.State != "success" {
		h.t.Fatalf("%s %s ends as %+v", method, below, a)
	}
}

func TestVendorClient_snapshots(t *testing.T) {
	h, _ := newHapi(t)
	var machines []hapiMachine
	h.call(http.MethodGet, "", http.StatusOK, &machines)
	if len(machines) != 2 || !machines[0].whole() || *machines[0].ID != sim.FreeVM ||
		*machines[0].ActionsLock != "unlocked" {
		t.Fatalf("VMs: %+v", machines)
	}
	var none hapiError
	h.call(http.MethodGet, of(sim.FreeVM, "/snapshot"), http.StatusNotFound, &none)
	if none.Message == nil || none.CorrelationID == nil {
		t.Errorf("no snapshot: %+v", none)
	}

	h.start(http.MethodPost, sim.FreeVM, "/snapshot", "snapshot_create")
	var first, second hapiSnapshot
	h.call(http.MethodGet, of(sim.FreeVM, "/snapshot"), http.StatusOK, &first)
	if !first.whole() || *first.RestoreTime <= 0 || !first.ExpiresAt.After(*first.CreatedAt) {
		t.Errorf("made %+v", first)
	}
	h.start(http.MethodPost, sim.FreeVM, "/snapshot", "snapshot_create")
	h.call(http.MethodGet, of(sim.FreeVM, "/snapshot"), http.StatusOK, &second)
	if !second.whole() || *second.ID == *first.ID {
		t.Errorf("overwritten by %+v", second)
	}
	h.start(http.MethodPost, sim.FreeVM, "/snapshot/restore", "snapshot_restore")
	var m hapiMachine
	h.call(http.MethodGet, of(sim.FreeVM, ""), http.StatusOK, &m)
	if !m.whole() || *m.State != "running" {
		t.Errorf("restored: %+v", m)
	}
	h.start(http.MethodDelete, sim.FreeVM, "/snapshot", "snapshot_delete")
	h.call(http.MethodGet, of(sim.FreeVM, "/snapshot"), http.StatusNotFound, &none)

	var page hapiPage[hapiAction]
	h.call(http.MethodGet, of(sim.FreeVM, "/actions"), http.StatusOK, &page)
	if len(page.Data) != 4 || !page.Data[0].whole() || *page.Data[0].Name != "snapshot_delete" ||
		*page.Meta.Total != 4 ||
		*page.Meta.CurrentPage != 1 ||
		page.Meta.PerPage == nil {
		t.Errorf("actions: %+v", page)
	}
	h.call(http.MethodGet, of(sim.FreeVM, "/actions?page=2"), http.StatusOK, &page)
	if page.Data == nil || len(page.Data) != 0 || *page.Meta.CurrentPage != 2 {
		t.Errorf("second page: %+v", page)
	}
	var backups hapiPage[struct {
		ID          *int       `json:"id"`
		Size        *int       `json:"size"`
		RestoreTime *int       `json:"restore_time"`
		Location    *string    `json:"location"`
		CreatedAt   *time.Time `json:"created_at"`
	}]
	h.call(http.MethodGet, of(sim.FreeVM, "/backups"), http.StatusOK, &backups)
	if b := backups.Data; len(b) == 0 || b[0].ID == nil || b[0].Size == nil || b[0].RestoreTime == nil ||
		b[0].Location == nil || b[0].CreatedAt == nil {
		t.Fatalf("backups: %+v", backups)
	}
	h.start(http.MethodPost, sim.FullVM, fmt.Sprintf("/backups/%d/restore", *backups.Data[0].ID), "backup_restore")
	h.call(http.MethodGet, of(sim.FullVM, "/snapshot"), http.StatusNotFound, &none)
}

func TestVendorClient_templates(t *testing.T) {
	h, _ := newHapi(t)
	type template struct {
		ID            *int    `json:"id"`
		Name          *string `json:"name"`
		Description   *string `json:"description"`
		Documentation *string `json:"documentation"`
	}
	var list []template
	h.get("/templates", &list)
	if len(list) < 2 || list[1].ID == nil || list[1].Name == nil || list[1].Description == nil {
		t.Fatalf("templates: %+v", list)
	}
	var one template
	h.get(fmt.Sprintf("/templates/%d", *list[1].ID), &one)
	if one.ID == nil || *one.ID != *list[1].ID || *one.Name != *list[1].Name {
		t.Errorf("template: %+v", one)
	}
}

func TestVendorClient_lock(t *testing.T) {
	h, box := newHapi(t, sandboxtest.WithLatency(time.Hour))
	var a hapiAction
	var m hapiMachine
	var refused hapiError
	h.call(http.MethodPost, of(sim.FullVM, "/snapshot/restore"), http.StatusOK, &a)
	h.call(http.MethodGet, of(sim.FullVM, ""), http.StatusOK, &m)
	if *m.ActionsLock != "locked" || *m.State != "restoring" {
		t.Errorf("while it runs: %+v", m)
	}
	h.call(http.MethodDelete, of(sim.FullVM, "/snapshot"), http.StatusUnprocessableEntity, &refused)
	if refused.Message == nil || !strings.HasPrefix(*refused.Message, "[VPS:2004]") || refused.CorrelationID == nil {
		t.Errorf("refused: %+v", refused)
	}
	action := of(sim.FullVM, fmt.Sprintf("/actions/%d", *a.ID))
	for _, state := range []string{"created", "sent", "delayed", "success"} {
		h.call(http.MethodGet, action, http.StatusOK, &a)
		if *a.State != state {
			t.Errorf("state %q, want %q", *a.State, state)
		}
		box.Advance(20*time.Minute + time.Second)
	}
	h.call(http.MethodGet, of(sim.FullVM, ""), http.StatusOK, &m)
	if *m.ActionsLock != "unlocked" || *m.State != "running" {
		t.Errorf("afterwards: %+v", m)
	}
}

func TestVendorClient_refusals(t *testing.T) {
	h, box := newHapi(t)
	for path, want := range map[string]struct {
		status int
		prefix string
	}{
		of(sim.ForeignVM, "/snapshot"):             {http.StatusForbidden, "[VPS:2000] Unauthorized"},
		of(1, "/snapshot"):                         {http.StatusNotFound, "[VPS:2002]"},
		of(sim.FreeVM, "/snapshots"):               {http.StatusNotFound, "[VPS:2002] Route is not found"},
		"/abc/snapshot":                            {http.StatusNotFound, "[VPS:2002] Route is not found"},
		of(sim.FreeVM, "/actions/1"):               {http.StatusNotFound, "[VPS:2002]"},
		of(sim.FreeVM, "/actions?page=0"):          {http.StatusUnprocessableEntity, ""},
		of(sim.FreeVM, "/snapshot/restore"):        {http.StatusMethodNotAllowed, ""},
		of(sim.FreeVM, "/snapshot?whatever=it-is"): {http.StatusNotFound, "[VPS:2002]"},
	} {
		var refused hapiError
		h.call(http.MethodGet, path, want.status, &refused)
		if refused.Message == nil || !strings.HasPrefix(*refused.Message, want.prefix) ||
			refused.CorrelationID == nil ||
			(want.status == 422) != (len(refused.Errors) == 1) {
			t.Errorf("%s: %+v", path, refused)
		}
	}
	good := h.token
	h.token = "canary"
	var refused hapiError
	h.call(http.MethodGet, "", http.StatusUnauthorized, &refused)
	if *refused.Message != "Unauthenticated" {
		t.Errorf("wrong token: %+v", refused)
	}
	h.token = good

	// The vendor promises headers for its limits, without their names; the sandbox can give any.
	box.Fault(sandbox.Fault{
		Do: sandbox.DoStatus, Status: http.StatusTooManyRequests, Header: sandbox.Header{"Retry-After": {"7"}},
		Body: map[string]any{"message": "Too Many Attempts.", "correlation_id": "b1d0b0b4-7f1e-4c6e-9a6e-3d1f5f0e7a11"},
	})
	if header := h.call(http.MethodGet, "", http.StatusTooManyRequests, &refused); header.Get("Retry-After") != "7" ||
		*refused.Message != "Too Many Attempts." {
		t.Errorf("limited: %v %+v", header, refused)
	}
}

// Other tools of the vendor declare JSON on requests without a body, or send an empty object.
func TestVendorClient_bodies(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"none": nil, "empty in chunks": io.MultiReader(), "an empty object": bytes.NewReader([]byte("{}")),
		"null": strings.NewReader("null\n"),
	} {
		t.Run(name, func(t *testing.T) {
			h, _ := newHapi(t)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/api/vps/v1/virtual-machines/"+
				fmt.Sprint(sim.FreeVM)+"/snapshot", body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			r.Header.Set("Authorization", "Bearer "+h.token)
			var a hapiAction
			if h.send(r, http.StatusOK, &a); !a.whole() {
				t.Errorf("started %+v", a)
			}
		})
	}
}
