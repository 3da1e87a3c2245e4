package acctest_test

import (
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	cloudsnap "github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// five is the list with one line more.
func five() []driver.Driver { return append(all.Drivers(), nimbus.Driver{}) }

func TestFifthCloud_conforms(t *testing.T) {
	t.Parallel()
	drivertest.Run(t, sandboxtest.Harness(nimbus.Driver{}))
}

func TestFifthCloud_isInTheSchemaAndTheMatrix(t *testing.T) {
	t.Parallel()
	var resp provider.SchemaResponse
	cloudsnap.New("test", five(), func(string) string { return "" })().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	if _, ok := resp.Schema.Attributes["nimbus"]; !ok {
		t.Error("the provider's schema has no block for it")
	}
	if who := driver.SupportedBy(five(), driver.CapabilitySnapshot); !slices.Contains(who, "nimbus") {
		t.Errorf("snapshots can be taken by %v", who)
	}
	if who := driver.SupportedBy(five(), driver.CapabilityCustomImage); slices.Contains(who, "nimbus") {
		t.Errorf("custom images can be made by %v, and it makes none", who)
	}
}

func TestTFFifthCloud_story(t *testing.T) {
	t.Parallel()
	s := acctest.StartWith(t, five())
	c := s.Case(t, "nimbus")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: s.Providers(),
		Steps: []resource.TestStep{
			{
				Config:      acctest.ProviderConfig + c.HCL("test", c.Sources[0], `description = "none here"`),
				ExpectError: regexp.MustCompile(`Nimbus\s+does\s+not\s+support\s+description`),
			},
			{Config: acctest.ProviderConfig + c.HCL("test", c.Sources[0])},
			{ResourceName: "cloudsnap_snapshot.test", ImportState: true, ImportStateVerify: true},
		},
	})
	if creates, deletes := s.Count("nimbus", http.MethodPost), s.Count("nimbus", http.MethodDelete); creates != 1 || deletes != 1 {
		t.Errorf("%d creates and %d deletes were sent, want one of each", creates, deletes)
	}
}
