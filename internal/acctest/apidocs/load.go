package apidocs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
)

// Variable names the environment variable with the folder of the vendors' documents, which are not in this repository.
const Variable = "CLOUDSNAP_API_DOCS"

// notes is the content of testdata/document.json in the folder of a driver.
type notes struct {
	// Base comes before the paths of the document in the sandbox. It may have wildcards.
	Base string `json:"base"`
	// Required are the operations that the driver uses. A run that sends none of one of them has tested nothing.
	Required []string `json:"required"`
	// OtherProducts are parts of the paths of operations that belong to another product.
	OtherProducts []string `json:"other_products"`
	// Deviations are all differences between the document and the sandbox.
	Deviations []deviation `json:"deviations"`
}

// deviation is a difference between sandbox and document.
type deviation struct {
	// Why is the reason.
	Why string `json:"why"`
	// Statuses are answers that the document does not declare.
	Statuses []int `json:"statuses"`
	// Path is part of a path that the document does not describe.
	Path string `json:"path"`
	// Patch is a JSON merge patch (RFC 7396) of the document.
	Patch map[string]any `json:"patch"`
}

// Load reads the document of a cloud: testdata/openapi.json in the folder of the driver, or else the vendor's document
// in the folder that Variable names. Without either it skips the test. Every other error ends the test.
func Load(t testing.TB, drv driver.Driver) *Document {
	t.Helper()
	name := drv.Descriptor().Name
	d := &Document{}
	drivertest.ReadTestdata(t, drv, "document.json", &d.notes)
	for _, dev := range d.notes.Deviations {
		if dev.Why == "" {
			t.Fatalf("a deviation of %s has no reason: %+v", name, dev)
		}
	}
	content, err := os.ReadFile(find(t, drv))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := d.notes.parse(content)
	if err != nil {
		t.Fatalf("the document of %s: %v", name, err)
	}
	doc.Servers = openapi3.Servers{{URL: "/" + name + d.notes.Base}}
	strict(doc)
	if d.router, err = gorillamux.NewRouter(doc); err != nil {
		t.Fatalf("the document of %s: %v", name, err)
	}
	for path, item := range doc.Paths.Map() {
		other := func(part string) bool { return strings.Contains(path, part) }
		if slices.ContainsFunc(d.notes.OtherProducts, other) {
			continue
		}
		for method := range item.Operations() {
			d.operations = append(d.operations, method+" "+path)
		}
	}
	slices.Sort(d.operations)
	return d
}

// find returns the file with the document of a cloud.
func find(t testing.TB, drv driver.Driver) string {
	t.Helper()
	name := drv.Descriptor().Name
	own := filepath.Join(drivertest.Folder(t, drv), "testdata", "openapi.json")
	if _, err := os.Stat(own); err == nil {
		return own
	}
	folder := os.Getenv(Variable)
	if folder == "" {
		t.Skipf("SKIPPED, NOT PASSED: %s does not name the folder with the official API documents", Variable)
	}
	matches, err := filepath.Glob(filepath.Join(folder, name+".*.json"))
	if err != nil || len(matches) != 1 {
		t.Fatalf("want one document of %s in %s, found %d (%v)", name, folder, len(matches), err)
	}
	return matches[0]
}

// parse reads an OpenAPI 3 or Swagger 2 document and applies the patches.
func (n notes) parse(content []byte) (*openapi3.T, error) {
	var raw map[string]any
	if err := json.Unmarshal(content, &raw); err != nil {
		return nil, err
	}
	for _, dev := range n.Deviations {
		merge(raw, dev.Patch)
	}
	content, err := json.Marshal(raw)
	if err != nil {
		return nil, err
	}
	if raw["swagger"] == nil {
		return openapi3.NewLoader().LoadFromData(content)
	}
	var two openapi2.T
	if err := json.Unmarshal(content, &two); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3(&two)
}

// merge applies a JSON merge patch: null removes a member, an object is merged, any other value replaces.
func merge(target, patch map[string]any) {
	for name, value := range patch {
		below, isObject := value.(map[string]any)
		existing, hasObject := target[name].(map[string]any)
		switch {
		case value == nil:
			delete(target, name)
		case isObject && hasObject:
			merge(existing, below)
		default:
			target[name] = value
		}
	}
}

// strict forbids fields in requests that the document does not name: a driver must not invent any.
func strict(doc *openapi3.T) {
	closed := false
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody == nil {
				continue
			}
			for _, media := range operation.RequestBody.Value.Content {
				if media.Schema != nil && media.Schema.Value != nil {
					media.Schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &closed}
				}
			}
		}
	}
}
