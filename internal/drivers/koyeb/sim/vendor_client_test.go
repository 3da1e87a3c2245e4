package sim_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// cli sends what the vendor's command line sends, to a sandbox that listens on TCP. The types below are decoded as
// strictly as its generated client does, which fails on a word that it does not know.
type cli struct {
	t          *testing.T
	url, token string
}

// strictWord is an enum of the generated client: a word outside the document is an error.
type strictWord string

var words = []string{
	"SNAPSHOT_STATUS_INVALID", "SNAPSHOT_STATUS_CREATING", "SNAPSHOT_STATUS_AVAILABLE", "SNAPSHOT_STATUS_MIGRATING",
	"SNAPSHOT_STATUS_DELETING", "SNAPSHOT_STATUS_DELETED",
	"SNAPSHOT_TYPE_INVALID", "SNAPSHOT_TYPE_LOCAL", "SNAPSHOT_TYPE_REMOTE",
	"PERSISTENT_VOLUME_STATUS_INVALID", "PERSISTENT_VOLUME_STATUS_ATTACHED", "PERSISTENT_VOLUME_STATUS_DETACHED",
	"PERSISTENT_VOLUME_STATUS_DELETING",
	"PERSISTENT_VOLUME_STATUS_DELETED", "PERSISTENT_VOLUME_STATUS_ARCHIVING", "PERSISTENT_VOLUME_BACKING_STORE_INVALID",
	"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK",
}

// UnmarshalJSON refuses unknown words.
func (w *strictWord) UnmarshalJSON(content []byte) error {
	var text string
	if err := json.Unmarshal(content, &text); err != nil {
		return err
	}
	if !slices.Contains(words, text) {
		return errors.New(text + " is not in the document")
	}
	*w = strictWord(text)
	return nil
}

type cliSnapshot struct {
	ID             *string     `json:"id"`
	Name           *string     `json:"name"`
	Size           *int64      `json:"size"`
	CreatedAt      *time.Time  `json:"created_at"`
	UpdatedAt      *time.Time  `json:"updated_at"`
	DeletedAt      *time.Time  `json:"deleted_at"`
	OrganizationID *string     `json:"organization_id"`
	ParentVolumeID *string     `json:"parent_volume_id"`
	Region         *string     `json:"region"`
	Status         *strictWord `json:"status"`
	Type           *strictWord `json:"type"`
}

// whole reports whether all that a snapshot has is there; only the time of the deletion may be missing.
func (s *cliSnapshot) whole() bool {
	return s != nil && s.ID != nil && s.Name != nil && s.Size != nil && s.CreatedAt != nil && s.UpdatedAt != nil &&
		s.OrganizationID != nil &&
		s.ParentVolumeID != nil && s.Region != nil && s.Status != nil && s.Type != nil
}

type cliVolume struct {
	ID             *string     `json:"id"`
	Name           *string     `json:"name"`
	SnapshotID     *string     `json:"snapshot_id"`
	CreatedAt      *time.Time  `json:"created_at"`
	UpdatedAt      *time.Time  `json:"updated_at"`
	DeletedAt      *time.Time  `json:"deleted_at"`
	OrganizationID *string     `json:"organization_id"`
	ServiceID      *string     `json:"service_id"`
	Region         *string     `json:"region"`
	ReadOnly       *bool       `json:"read_only"`
	MaxSize        *int64      `json:"max_size"`
	CurSize        *int64      `json:"cur_size"`
	Status         *strictWord `json:"status"`
	BackingStore   *strictWord `json:"backing_store"`
}

func (v *cliVolume) whole() bool {
	return v != nil && v.ID != nil && v.Name != nil && v.SnapshotID != nil && v.CreatedAt != nil &&
		v.UpdatedAt != nil &&
		v.OrganizationID != nil &&
		v.ServiceID != nil && v.Region != nil && v.ReadOnly != nil && v.MaxSize != nil && v.CurSize != nil &&
		v.Status != nil &&
		v.BackingStore != nil
}

// The replies about one object, and one page of several.
type (
	cliSnapshotReply struct{ Snapshot *cliSnapshot }
	cliVolumeReply   struct{ Volume *cliVolume }
	cliPage          struct {
		Snapshots []cliSnapshot `json:"snapshots"`
		Volumes   []cliVolume   `json:"volumes"`
		Limit     *int64        `json:"limit"`
		Offset    *int64        `json:"offset"`
		HasNext   *bool         `json:"has_next"`
	}
	cliError struct {
		Status  *int32  `json:"status"`
		Code    *string `json:"code"`
		Message *string `json:"message"`
		Fields  []struct {
			Field       *string `json:"field"`
			Description *string `json:"description"`
		} `json:"fields"`
	}
	cliStatus struct {
		Code    *int32  `json:"code"`
		Message *string `json:"message"`
		Details []any   `json:"details"`
	}
)

func newCLI(t *testing.T) (*cli, *sandboxtest.Sandbox) {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{koyeb.Driver{}})
	c := &cli{t: t}
	for _, v := range box.Environment() {
		switch v.Name {
		case "KOYEB_URL":
			c.url = v.Value
		case "KOYEB_TOKEN":
			c.token = v.Value
		}
	}
	return c, box
}

func (c *cli) call(method, path, body string, status int, out any) http.Header {
	c.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", "*/*")
	r.Header.Set("User-Agent", "koyeb-cli/5")
	// The command line sends the project that a flag names, with every request.
	r.Header.Set("X-Koyeb-Project-Id", "55555555-eeee-4eee-8eee-000000000001")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := cleanhttp.DefaultTransport().RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status || resp.Header.Get("Content-Type") != "application/json" {
		c.t.Fatalf("%s %s: HTTP %d, want %d: %s (%v)", method, path, resp.StatusCode, status, content, err)
	}
	if err := json.Unmarshal(content, out); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, content)
	}
	return resp.Header
}

// all reads pages of a hundred until one is empty, as the command line does whatever a page says of others.
func (c *cli) all(path string) (out cliPage) {
	c.t.Helper()
	for number := int64(0); ; number++ {
		var page cliPage
		query := url.Values{"limit": {"100"}, "offset": {strconv.FormatInt(number*100, 10)}}
		c.call(http.MethodGet, path+"?"+query.Encode(), "", http.StatusOK, &page)
		if page.Limit == nil || *page.Limit != 100 || page.Offset == nil || *page.Offset != number*100 ||
			page.HasNext == nil {
			c.t.Fatalf("%s: page %+v", path, page)
		}
		if len(page.Snapshots)+len(page.Volumes) == 0 {
			return out
		}
		out.Snapshots = append(out.Snapshots, page.Snapshots...)
		out.Volumes = append(out.Volumes, page.Volumes...)
	}
}

// volumeID finds a volume by its name.
func (c *cli) volumeID(name string) string {
	c.t.Helper()
	for _, v := range c.all("/v1/volumes").Volumes {
		if v.whole() && *v.Name == name {
			return *v.ID
		}
	}
	c.t.Fatalf("no volume %s", name)
	return ""
}

// fullID is what the command line takes for an ID and not for a name.
var fullID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestVendorClient_snapshots(t *testing.T) {
	c, box := newCLI(t)
	var made, got cliSnapshotReply
	body := fmt.Sprintf(`{"parent_volume_id":%q,"name":"nightly"}`, c.volumeID("uploads"))
	c.call(http.MethodPost, "/v1/snapshots", body, http.StatusOK, &made)
	if !made.Snapshot.whole() || *made.Snapshot.Status != "SNAPSHOT_STATUS_CREATING" || *made.Snapshot.Size != 20 ||
		*made.Snapshot.Region != "fra" || !fullID.MatchString(*made.Snapshot.ID) {
		t.Fatalf("made %+v", made.Snapshot)
	}
	path := "/v1/snapshots/" + *made.Snapshot.ID
	c.call(http.MethodGet, path, "", http.StatusOK, &got)
	if !got.Snapshot.whole() || *got.Snapshot.Status != "SNAPSHOT_STATUS_AVAILABLE" || got.Snapshot.DeletedAt != nil {
		t.Errorf("got %+v", got.Snapshot)
	}
	c.call(http.MethodPost, path, `{"name":"weekly"}`, http.StatusOK, &got)
	if !got.Snapshot.whole() || *got.Snapshot.Name != "weekly" {
		t.Errorf("renamed: %+v", got.Snapshot)
	}
	list := c.all("/v1/snapshots").Snapshots
	if len(list) != 2 || !list[0].whole() || !list[1].whole() || *list[0].Name != "weekly" {
		t.Errorf("listed %+v", list)
	}
	c.call(http.MethodDelete, path, "", http.StatusOK, &got)
	if !got.Snapshot.whole() || *got.Snapshot.Status != "SNAPSHOT_STATUS_DELETING" {
		t.Errorf("deleting: %+v", got.Snapshot)
	}
	c.call(http.MethodGet, path, "", http.StatusOK, &got)
	if !got.Snapshot.whole() || *got.Snapshot.Status != "SNAPSHOT_STATUS_DELETED" || got.Snapshot.DeletedAt == nil {
		t.Errorf("deleted: %+v", got.Snapshot)
	}
	var gone cliError
	c.call(http.MethodGet, path, "", http.StatusNotFound, &gone)
	if gone.Status == nil || *gone.Status != 404 || gone.Code == nil || gone.Message == nil {
		t.Errorf("gone: %+v", gone)
	}
	if n := len(box.Inventory()["koyeb"].Snapshots); n != 1 {
		t.Errorf("%d snapshots are left", n)
	}
}

// Restoring is a new volume, of the size that the snapshot has.
func TestVendorClient_restore(t *testing.T) {
	c, _ := newCLI(t)
	var made cliVolumeReply
	body := fmt.Sprintf(`{"volume_type":"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK",`+
		`"name":"restored","region":"fra","read_only":false,"snapshot_id":%q}`, sim.SnapshotOld)
	c.call(http.MethodPost, "/v1/volumes", body, http.StatusOK, &made)
	if !made.Volume.whole() || *made.Volume.SnapshotID != sim.SnapshotOld || *made.Volume.MaxSize != 10 {
		t.Fatalf("made %+v", made.Volume)
	}
	path := "/v1/volumes/" + c.volumeID("restored")
	c.call(http.MethodPost, path, `{"name":"grown","max_size":15}`, http.StatusOK, &made)
	c.call(http.MethodGet, path, "", http.StatusOK, &made)
	if !made.Volume.whole() || *made.Volume.Name != "grown" || *made.Volume.MaxSize != 15 {
		t.Errorf("grown: %+v", made.Volume)
	}
	c.call(http.MethodDelete, path, "", http.StatusOK, &made)
	if !made.Volume.whole() || *made.Volume.Status != "PERSISTENT_VOLUME_STATUS_DELETING" {
		t.Errorf("deleting: %+v", made.Volume)
	}
	c.call(http.MethodGet, path, "", http.StatusOK, &made)
	var gone cliError
	c.call(http.MethodGet, path, "", http.StatusNotFound, &gone)
	if n := len(c.all("/v1/volumes").Volumes); n != 6 {
		t.Errorf("%d volumes", n)
	}
}

// The command line shows eight digits of an ID, and takes them for it as long as nothing else begins with them.
func TestVendorClient_shortIDs(t *testing.T) {
	c, _ := newCLI(t)
	short := map[string]int{}
	for _, v := range c.all("/v1/volumes").Volumes {
		if !v.whole() || !fullID.MatchString(*v.ID) {
			t.Errorf("volume %+v", v)
			continue
		}
		short[(*v.ID)[:8]]++
	}
	for digits, n := range short {
		if n > 1 {
			t.Errorf("%d volumes begin with %s", n, digits)
		}
	}
}

func TestVendorClient_pagesAndFilters(t *testing.T) {
	c, _ := newCLI(t)
	volume := c.volumeID("scratch")
	for n := range 104 {
		var made cliSnapshotReply
		c.call(http.MethodPost, "/v1/snapshots", fmt.Sprintf(`{"parent_volume_id":%q,"name":"many-%d"}`, volume, n),
			http.StatusOK, &made)
	}
	seen := map[string]bool{}
	for _, s := range c.all("/v1/snapshots").Snapshots {
		seen[*s.ID] = true
	}
	if len(seen) != 105 {
		t.Errorf("%d snapshots", len(seen))
	}
	for query, n := range map[string]int{
		"region=fra": 1,
		"region=was&statuses=SNAPSHOT_STATUS_AVAILABLE&statuses=SNAPSHOT_STATUS_MIGRATING&limit=200": 100,
		"statuses=SNAPSHOT_STATUS_DELETING": 0,
		"organization_id=somebody-else":     0,
		"limit=3&offset=103":                2,
		"":                                  10,
	} {
		var page cliPage
		c.call(http.MethodGet, "/v1/snapshots?"+query, "", http.StatusOK, &page)
		if len(page.Snapshots) != n {
			t.Errorf("%q: %d snapshots, want %d", query, len(page.Snapshots), n)
		}
	}
}

func TestVendorClient_refusals(t *testing.T) {
	c, _ := newCLI(t)
	var failed cliError
	header := c.call(
		http.MethodPost,
		"/v1/snapshots",
		`{"parent_volume_id":"uploads","name":"x"}`,
		http.StatusBadRequest,
		&failed,
	)
	if *failed.Status != 400 || *failed.Code != "invalid_argument" || len(failed.Fields) != 2 ||
		failed.Fields[0].Field == nil || failed.Fields[0].Description == nil {
		t.Errorf("bad fields: %+v", failed)
	}
	left, err := strconv.Atoi(header.Get("X-Ratelimit-Reset"))
	if err != nil || left < 1 || left > 60 || header.Get("X-Ratelimit-Limit") != "400, 400;w=60" ||
		header.Get("X-Ratelimit-Remaining") != "399" || header.Get("Retry-After") != "" {
		t.Errorf("limits: %v", header)
	}
	for _, request := range []struct {
		method, path string
		status       int
		code         int32
	}{{http.MethodGet, "/v1/unheard-of", 404, 5}, {http.MethodPatch, "/v1/snapshots", 405, 12}} {
		var status cliStatus
		c.call(request.method, request.path, "", request.status, &status)
		if status.Code == nil || *status.Code != request.code || status.Message == nil || status.Details == nil {
			t.Errorf("%s %s: %+v", request.method, request.path, status)
		}
	}
	for token, message := range map[string]string{
		"":       "Route needs to be authenticated",
		"canary": "Invalid token format",
	} {
		c.token = token
		c.call(http.MethodGet, "/v1/snapshots", "", http.StatusUnauthorized, &failed)
		if *failed.Status != 401 || *failed.Code != "authentication_error" || *failed.Message != message {
			t.Errorf("token %q: %+v", token, failed)
		}
	}
}
