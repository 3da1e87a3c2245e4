package image_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const (
	address = "cloudsnap_custom_image.test"
	// The sandbox's clouds fetch nothing: a host only decides how its download goes.
	goodURL   = "https://img.example.net/golden.qcow2"
	otherURL  = "https://img.example.net/silver.qcow2"
	brokenURL = "https://broken.example.net/golden.qcow2"
	digest    = "0123456789abcdef0123456789abcdef"
)

// allRows are the attributes in the table of any cloud.
func allRows() driver.Attributes {
	rows := driver.Attributes{}
	for _, d := range acctest.Drivers() {
		maps.Copy(rows, d.Descriptor().Limits.Image)
	}
	return rows
}

// required are the lines that a cloud wants for every image.
func required(c acctest.Case) []string {
	lines := []string{fmt.Sprintf("cloud = %q", c.Name)}
	if c.Sources[0].Location != "" {
		lines = append(lines, fmt.Sprintf("location = %q", c.Sources[0].Location))
	}
	for _, name := range c.Limits.Image.Names() {
		switch row := c.Limits.Image[name]; {
		case row.Support != driver.Required || name == "name":
		case len(row.OneOf) > 0:
			lines = append(lines, fmt.Sprintf("%s = %q", name, row.OneOf[0]))
		case name == "checksum":
			lines = append(lines, fmt.Sprintf("checksum = %q", digest))
		default:
			lines = append(lines, fmt.Sprintf("%s = %q", name, "12"))
		}
	}
	return lines
}

// hcl writes cloudsnap_custom_image.test from a URL, with what the cloud requires. An extra line takes the place of a
// standard one of the same name.
func hcl(c acctest.Case, url string, extra ...string) string {
	lines := append(required(c), `name = "golden"`)
	if url != "" {
		lines = append(lines, fmt.Sprintf("url = %q", url))
	}
	lines = slices.DeleteFunc(lines, func(l string) bool {
		name, _, _ := strings.Cut(l, " ")
		return slices.ContainsFunc(extra, func(e string) bool { return strings.HasPrefix(e, name+" ") })
	})
	return fmt.Sprintf("resource \"cloudsnap_custom_image\" \"test\" {\n  %s\n}\n",
		strings.Join(append(lines, extra...), "\n  "))
}

func config(parts ...string) string { return acctest.ProviderConfig + strings.Join(parts, "\n") }

// imageIDs are the custom images and private templates that a cloud has now.
func imageIDs(s *acctest.Sandbox, name string) []string {
	var ids []string
	for _, i := range s.Inventory()[name].Images {
		ids = append(ids, i.ImageID)
	}
	for _, t := range s.Inventory()[name].Templates {
		ids = append(ids, t.TemplateID)
	}
	return ids
}

// story runs steps against a sandbox; every story ends with a destroy, after which no image of Terraform's is left.
func story(t *testing.T, s *acctest.Sandbox, c acctest.Case, steps ...resource.TestStep) {
	t.Helper()
	before := imageIDs(s, c.Name)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps:                    steps,
		CheckDestroy: func(*terraform.State) error {
			for _, id := range imageIDs(s, c.Name) {
				if !slices.Contains(before, id) {
					return fmt.Errorf("the image %s is left over", id)
				}
			}
			return nil
		},
	})
}

func value(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check)
}

func emptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

func planned(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// file is a web server with one file, on loopback, whose content can change and which notes what it is asked.
type file struct {
	*httptest.Server
	mu      sync.Mutex
	content string
	silent  bool
	heads   int
	headers []http.Header
}

func serve(t *testing.T, content string) *file {
	t.Helper()
	f := &file{content: content}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.headers = append(f.headers, r.Header.Clone())
	if r.Method == http.MethodHead {
		f.heads++
	}
	if f.silent {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf("%q", f.content))
	w.Header().Set("Content-Length", fmt.Sprint(len(f.content)))
}

func (f *file) set(content string, silent bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.content, f.silent = content, silent
}

func (f *file) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.heads
}
