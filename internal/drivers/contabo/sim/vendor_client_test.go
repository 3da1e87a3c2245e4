package sim_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// cntb sends what the vendor's command line sends, to a sandbox that listens on TCP. The types below are decoded as
// strictly as its generated client does.
type cntb struct {
	t      *testing.T
	values map[string]string
	token  string
}

type cntbToken struct {
	AccessToken      string `json:"access_token"`
	RefreshToken     string `json:"refresh_token"`
	TokenType        string `json:"token_type"`
	ExpiresIn        int64  `json:"expires_in"`
	RefreshExpiresIn int64  `json:"refresh_expires_in"`
}

type cntbSnapshot struct {
	TenantID       string    `json:"tenantId"`
	CustomerID     string    `json:"customerId"`
	SnapshotID     string    `json:"snapshotId"`
	Name           string    `json:"name"`
	Description    string    `json:"description"`
	InstanceID     int64     `json:"instanceId"`
	CreatedDate    time.Time `json:"createdDate"`
	AutoDeleteDate time.Time `json:"autoDeleteDate"`
	ImageID        string    `json:"imageId"`
	ImageName      string    `json:"imageName"`
}

type cntbInstance struct {
	TenantID      string    `json:"tenantId"`
	CustomerID    string    `json:"customerId"`
	AdditionalIPs []any     `json:"additionalIps"`
	Name          string    `json:"name"`
	DisplayName   string    `json:"displayName"`
	InstanceID    int64     `json:"instanceId"`
	Region        string    `json:"region"`
	ProductID     string    `json:"productId"`
	ImageID       string    `json:"imageId"`
	RAMMB         float32   `json:"ramMb"`
	CPUCores      int64     `json:"cpuCores"`
	DiskMB        float32   `json:"diskMb"`
	SSHKeys       []int64   `json:"sshKeys"`
	CreatedDate   time.Time `json:"createdDate"`
	CancelDate    string    `json:"cancelDate"`
	Status        string    `json:"status"`
	VHostID       int64     `json:"vHostId"`
	VHostNumber   int64     `json:"vHostNumber"`
	DefaultUser   *string   `json:"defaultUser"`
	IPConfig      struct {
		V4 struct {
			IP          string `json:"ip"`
			Gateway     string `json:"gateway"`
			NetmaskCIDR int32  `json:"netmaskCidr"`
		} `json:"v4"`
		V6 struct {
			IP          string `json:"ip"`
			Gateway     string `json:"gateway"`
			NetmaskCIDR int32  `json:"netmaskCidr"`
		} `json:"v6"`
	} `json:"ipConfig"`
}

type cntbImage struct {
	ImageID          string    `json:"imageId"`
	TenantID         string    `json:"tenantId"`
	CustomerID       string    `json:"customerId"`
	Name             string    `json:"name"`
	Description      string    `json:"description"`
	URL              string    `json:"url"`
	SizeMB           float32   `json:"sizeMb"`
	UploadedSizeMB   float32   `json:"uploadedSizeMb"`
	OSType           string    `json:"osType"`
	Version          string    `json:"version"`
	Format           string    `json:"format"`
	Status           string    `json:"status"`
	ErrorMessage     string    `json:"errorMessage"`
	StandardImage    bool      `json:"standardImage"`
	CreationDate     time.Time `json:"creationDate"`
	LastModifiedDate time.Time `json:"lastModifiedDate"`
}

type cntbAudit struct {
	ID         int64          `json:"id"`
	Action     string         `json:"action"`
	Timestamp  time.Time      `json:"timestamp"`
	TenantID   string         `json:"tenantId"`
	CustomerID string         `json:"customerId"`
	ChangedBy  string         `json:"changedBy"`
	Username   string         `json:"username"`
	RequestID  string         `json:"requestId"`
	TraceID    string         `json:"traceId"`
	Changes    map[string]any `json:"changes"`
	// An image's entry has the last one, a snapshot's the other two.
	InstanceID int64  `json:"instanceId"`
	SnapshotID string `json:"snapshotId"`
	ImageID    string `json:"imageId"`
}

// cntbSelf are the links of an answer with one object, cntbLinks those of a listing.
type cntbSelf struct {
	Self string `json:"self"`
}

type cntbLinks struct {
	First string `json:"first"`
	Last  string `json:"last"`
	Self  string `json:"self"`
}

type cntbPagination struct {
	Size          float32 `json:"size"`
	TotalElements float32 `json:"totalElements"`
	TotalPages    float32 `json:"totalPages"`
	Page          float32 `json:"page"`
}

func newCntb(t *testing.T) (*cntb, *sandboxtest.Sandbox) {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{contabo.Driver{}})
	c := &cntb{t: t, values: map[string]string{}}
	for _, v := range box.Environment() {
		c.values[v.Name] = v.Value
	}
	return c, box
}

// exchange sends a request and returns the whole answer.
func (c *cntb) exchange(r *http.Request, status int) []byte {
	c.t.Helper()
	resp, err := cleanhttp.DefaultTransport().RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		c.t.Fatalf("%s %s: HTTP %d, want %d: %s (%v)", r.Method, r.URL, resp.StatusCode, status, content, err)
	}
	if kind := resp.Header.Get("Content-Type"); status != http.StatusNoContent &&
		!strings.HasPrefix(kind, "application/json") {
		c.t.Fatalf("%s %s: Content-Type %q", r.Method, r.URL, kind)
	}
	return content
}

func (c *cntb) request(method, target string, body []byte) *http.Request {
	c.t.Helper()
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, target, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// grant requests a token. The client sends its credentials in the header, which the vendor's OAuth library tries first.
func (c *cntb) grant(status int, secret string, form url.Values) (token cntbToken) {
	c.t.Helper()
	r := c.request(http.MethodPost, c.values["CNTB_OAUTH2_TOKEN_URL"], []byte(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(c.values["CNTB_OAUTH2_CLIENT_ID"]), url.QueryEscape(secret))
	if err := json.Unmarshal(c.exchange(r, status), &token); err != nil {
		c.t.Fatal(err)
	}
	return token
}

func (c *cntb) login() cntbToken {
	c.t.Helper()
	token := c.grant(http.StatusOK, c.values["CNTB_OAUTH2_CLIENT_SECRET"], url.Values{
		"grant_type": {
			"password",
		}, "username": {c.values["CNTB_OAUTH2_USER"]}, "password": {c.values["CNTB_OAUTH2_PASS"]},
	})
	c.token = token.AccessToken
	return token
}

// call sends an API request and decodes the answer into out; members are what must be in each object of its data, and
// not null.
func (c *cntb) call(method, path, body string, status int, out any, members ...string) {
	c.t.Helper()
	var content []byte
	if body != "" {
		content = []byte(body)
	}
	r := c.request(method, c.values["CNTB_API"]+path, content)
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("X-Request-Id", "51A87ECD-754E-4104-9C54-D01AD0F83406")
	r.Header.Set("X-Trace-Id", "arcus_cli")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "OpenAPI-Generator/1.0.0/go")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer := c.exchange(r, status)
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
	var raw struct {
		Data []map[string]any `json:"data"`
	}
	if err := json.Unmarshal(answer, &raw); err != nil {
		c.t.Fatal(err)
	}
	for _, object := range raw.Data {
		for _, m := range members {
			if object[m] == nil {
				c.t.Errorf("%s %s: no %s in %v", method, path, m, object)
			}
		}
	}
}

// cntbPage is the answer of a listing, cntbOne that with one object in an array.
type (
	cntbPage[T any] struct {
		Pagination cntbPagination `json:"_pagination"`
		Data       []T            `json:"data"`
		Links      cntbLinks      `json:"_links"`
	}
	cntbOne[T any] struct {
		Data  []T      `json:"data"`
		Links cntbSelf `json:"_links"`
	}
)

var (
	snapshotMembers = []string{
		"tenantId", "customerId", "snapshotId", "name", "description", "instanceId", "createdDate",
		"autoDeleteDate", "imageId", "imageName",
	}
	imageMembers = []string{
		"imageId", "tenantId", "customerId", "name", "description", "url", "sizeMb",
		"uploadedSizeMb", "osType", "version",
		"format", "status", "errorMessage", "standardImage", "creationDate", "lastModifiedDate",
	}
	auditMembers = []string{
		"id", "action", "timestamp", "tenantId", "customerId", "changedBy", "username", "requestId",
		"traceId",
	}
)

// firstPage is the query of every listing unless a flag says otherwise.
func firstPage(order string) string {
	return "?" + url.Values{"orderBy": {order}, "page": {"1"}, "size": {"100"}}.Encode()
}

func TestVendorClient_tokens(t *testing.T) {
	c, box := newCntb(t)
	token := c.login()
	if token.ExpiresIn <= 0 || token.RefreshExpiresIn <= token.ExpiresIn || token.TokenType != "Bearer" {
		t.Errorf("token: %+v", token)
	}
	var access struct{ TenantID, CustomerID string }
	var refresh struct{ Exp int64 }
	for jwt, claims := range map[string]any{token.AccessToken: &access, token.RefreshToken: &refresh} {
		// The vendor's client cuts tokens at the dots, and decodes with the alphabet that has + and /.
		payload, err := base64.RawStdEncoding.DecodeString(strings.Split(jwt, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(payload, claims); err != nil {
			t.Fatal(err)
		}
	}
	if access.TenantID != "INT" || access.CustomerID == "" || refresh.Exp <= time.Now().Unix() {
		t.Errorf("claims: %+v, %+v", access, refresh)
	}

	box.Advance(time.Duration(token.ExpiresIn+1) * time.Second)
	c.call(http.MethodGet, instances, "", http.StatusUnauthorized, nil)
	renewed := c.grant(http.StatusOK, c.values["CNTB_OAUTH2_CLIENT_SECRET"],
		url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}})
	c.token = renewed.AccessToken
	c.call(http.MethodGet, instances, "", http.StatusOK, nil)
	c.grant(http.StatusUnauthorized, "wrong",
		url.Values{"grant_type": {"refresh_token"}, "refresh_token": {renewed.RefreshToken}})
}

func TestVendorClient_snapshots(t *testing.T) {
	c, _ := newCntb(t)
	c.login()
	var machines cntbPage[cntbInstance]
	c.call(http.MethodGet, instances+firstPage("name:asc"), "", http.StatusOK, &machines)
	i := slices.IndexFunc(machines.Data, func(m cntbInstance) bool { return m.InstanceID == 42001 })
	if i < 0 || machines.Data[i].IPConfig.V4.IP == "" || machines.Data[i].IPConfig.V6.IP == "" ||
		machines.Data[i].DefaultUser == nil || machines.Data[i].Status != "running" {
		t.Fatalf("instances: %+v", machines.Data)
	}
	if machines.Pagination.TotalElements != 9 || machines.Pagination.TotalPages != 1 ||
		machines.Pagination.Size != 100 ||
		machines.Links.Self == "" {
		t.Errorf("page: %+v %+v", machines.Pagination, machines.Links)
	}

	of := instances + "/42001/snapshots"
	var made, second cntbOne[cntbSnapshot]
	c.call(http.MethodPost, of, `{"name":"First Snapshot"}`+"\n", http.StatusCreated, &made, snapshotMembers...)
	c.call(http.MethodPost, of, `{"name":"Second","description":"with words"}`+"\n", http.StatusCreated, &second,
		snapshotMembers...)
	id := made.Data[0].SnapshotID
	if id == "" || made.Data[0].InstanceID != 42001 || made.Data[0].CreatedDate.IsZero() ||
		second.Data[0].Description != "with words" || !strings.HasSuffix(made.Links.Self, id) {
		t.Errorf("created %+v and %+v", made, second)
	}

	var listed cntbPage[cntbSnapshot]
	c.call(http.MethodGet, of+firstPage("name:asc")+"&name=irst", "", http.StatusOK, &listed, snapshotMembers...)
	if len(listed.Data) != 1 || listed.Data[0].SnapshotID != id {
		t.Errorf("listed %+v", listed.Data)
	}
	var changed cntbOne[cntbSnapshot]
	c.call(http.MethodPatch, of+"/"+id, `{"description":"only that"}`+"\n", http.StatusOK, &changed, snapshotMembers...)
	c.call(http.MethodPatch, of+"/"+id, `{"name":"Renamed"}`+"\n", http.StatusOK, &changed, snapshotMembers...)
	c.call(http.MethodGet, of+"/"+id, "", http.StatusOK, &changed, snapshotMembers...)
	if changed.Data[0].Name != "Renamed" || changed.Data[0].Description != "only that" {
		t.Errorf("changed to %+v", changed.Data)
	}

	var rolled struct {
		Links cntbSelf `json:"_links"`
	}
	c.call(http.MethodPost, of+"/"+id+"/rollback", "null\n", http.StatusOK, &rolled)
	if !strings.Contains(rolled.Links.Self, id) {
		t.Errorf("rolled back: %+v", rolled)
	}
	c.call(http.MethodGet, of+"/"+second.Data[0].SnapshotID, "", http.StatusNotFound, nil)
	c.call(http.MethodDelete, of+"/"+id, "", http.StatusNoContent, nil)

	var history cntbPage[cntbAudit]
	audits := "/v1/compute/snapshots/audits" + firstPage("timestamp:desc")
	c.call(http.MethodGet, audits+"&instanceId=42001&snapshotId="+id, "", http.StatusOK, &history,
		append(auditMembers, "instanceId", "snapshotId")...)
	if len(history.Data) != 4 || history.Data[0].Action != "DELETED" || history.Data[0].InstanceID != 42001 ||
		history.Data[0].TraceID != "arcus_cli" {
		t.Errorf("history: %+v", history.Data)
	}
	c.call(http.MethodGet, audits+"&instanceId=42002", "", http.StatusOK, &history)
	if len(history.Data) != 0 {
		t.Errorf("history of another instance: %+v", history.Data)
	}
}

func TestVendorClient_refusals(t *testing.T) {
	c, _ := newCntb(t)
	c.login()
	for path, want := range map[string]struct {
		status  int
		message string
	}{
		instances + "/42003/snapshots": {
			http.StatusPaymentRequired,
			"Total snapshots exceed the total max limit of 0 snapshots",
		},
		instances + "/1/snapshots": {http.StatusNotFound, "Entry Instances not found by instanceId = 1"},
	} {
		// The vendor's client shows statusCode and message, and expects a number and a text.
		var failed struct {
			StatusCode int32  `json:"statusCode"`
			Message    string `json:"message"`
		}
		c.call(http.MethodPost, path, `{"name":"one more"}`, want.status, &failed)
		if int(failed.StatusCode) != want.status || failed.Message != want.message {
			t.Errorf("%s: %+v", path, failed)
		}
	}
}

func TestVendorClient_images(t *testing.T) {
	c, _ := newCntb(t)
	c.login()
	type figures struct {
		Count float32 `json:"currentImagesCount"`
		Total float32 `json:"totalSizeMb"`
		Used  float32 `json:"usedSizeMb"`
		Free  float32 `json:"freeSizeMb"`
	}
	var before, after cntbOne[figures]
	c.call(http.MethodGet, images+"/stats", "", http.StatusOK, &before, "tenantId", "customerId")
	var made cntbOne[struct {
		TenantID   string `json:"tenantId"`
		CustomerID string `json:"customerId"`
		ImageID    string `json:"imageId"`
	}]
	c.call(http.MethodPost, images,
		`{"name":"golden","url":"https://img.example.net/golden.qcow2","osType":"Linux","version":"7"}`,
		http.StatusCreated, &made, "tenantId", "customerId", "imageId")
	id := made.Data[0].ImageID

	var listed cntbPage[struct {
		cntbImage
		Tags []struct {
			TagID   float32 `json:"tagId"`
			TagName string  `json:"tagName"`
		} `json:"tags"`
	}]
	c.call(http.MethodGet, images+firstPage("name:asc")+"&standardImage=false&name=gold", "", http.StatusOK, &listed,
		append(imageMembers, "tags")...)
	if len(listed.Data) != 1 || listed.Data[0].ImageID != id || listed.Data[0].Status != "downloaded" {
		t.Errorf("listed %+v", listed.Data)
	}
	c.call(http.MethodPatch, images+"/"+id, `{"name":"silver"}`, http.StatusOK, &made)
	var read cntbOne[cntbImage]
	c.call(http.MethodGet, images+"/"+id, "", http.StatusOK, &read, imageMembers...)
	if read.Data[0].Name != "silver" || read.Data[0].SizeMB == 0 {
		t.Errorf("read %+v", read.Data)
	}
	c.call(http.MethodGet, images+"/stats", "", http.StatusOK, &after, "tenantId", "customerId")
	was, is, size := before.Data[0], after.Data[0], read.Data[0].SizeMB
	if want := (figures{was.Count + 1, was.Total, was.Used + size, was.Free - size}); is != want || is.Used+
		is.Free != is.Total {
		t.Errorf("stats: %+v, want %+v", is, want)
	}
	var history cntbPage[cntbAudit]
	c.call(http.MethodGet, images+"/audits"+firstPage("timestamp:desc")+"&imageId="+id, "", http.StatusOK, &history,
		append(auditMembers, "imageId")...)
	if len(history.Data) != 2 || history.Data[0].Action != "UPDATED" {
		t.Errorf("history: %+v", history.Data)
	}
	c.call(http.MethodDelete, images+"/"+id, "", http.StatusNoContent, nil)
}

// A DELETE may have the content type of JSON without a body, and unknown headers are ignored.
func TestVendorClient_deleteWithContentType(t *testing.T) {
	c, _ := newCntb(t)
	c.login()
	var listed cntbPage[cntbSnapshot]
	c.call(http.MethodGet, instances+"/42001/snapshots"+firstPage("name:asc"), "", http.StatusOK, &listed)
	r := c.request(http.MethodDelete, c.values["CNTB_API"]+instances+"/42001/snapshots/"+listed.Data[0].SnapshotID, nil)
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("X-Request-Id", someID)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Unheard-Of", "1")
	if answer := c.exchange(r, http.StatusNoContent); len(answer) != 0 {
		t.Errorf("the answer has a body: %s", answer)
	}
	if sim.ClientID != c.values["CNTB_OAUTH2_CLIENT_ID"] {
		t.Error("the environment is not the simulator's")
	}
}
