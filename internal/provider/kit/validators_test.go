package kit_test

import (
	"strings"
	"testing"

	ephemeraltimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/ephemeral/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// refusal is what validators say of a value; empty if they accept it.
func refusal(t *testing.T, value string, validators ...validator.String) string {
	t.Helper()
	var out []string
	for _, v := range validators {
		var resp validator.StringResponse
		v.ValidateString(
			t.Context(),
			validator.StringRequest{Path: path.Root("a"), ConfigValue: types.StringValue(value)},
			&resp,
		)
		for _, d := range resp.Diagnostics {
			out = append(out, d.Detail())
		}
	}
	return strings.Join(out, "\n")
}

func TestWord(t *testing.T) {
	words := kit.Word("creating", "ready", "error")
	const accepts = `The attribute must be "creating", "ready" or "error": `
	for value, want := range map[string]string{
		"ready":                  "",
		"redy":                   accepts + `"redy" is not one of them. Did you mean "ready"?`,
		"READY":                  accepts + `"READY" is not one of them. Did you mean "ready"?`,
		"gone":                   accepts + `"gone" is not one of them.`,
		"":                       accepts + `"" is not one of them.`,
		"re\x1bady":              accepts + `"re\x1bady" is not one of them. Did you mean "ready"?`,
		strings.Repeat("x", 999): accepts + `"` + strings.Repeat("x", 100) + `"… is not one of them.`,
	} {
		if got := refusal(t, value, words); got != want {
			t.Errorf("%.20q: got  %s\nwant %s", value, got, want)
		}
	}
}

func TestNotEmpty(t *testing.T) {
	if got := refusal(t, "", kit.NotEmpty()); got != "The attribute must not be empty: leave it out instead." {
		t.Error(got)
	}
	if got := refusal(t, " ", kit.NotEmpty()); got != "" {
		t.Error(got)
	}
}

func TestCloudValidator_suggests(t *testing.T) {
	drivers := []driver.Driver{opened{new(int)}}
	v := kit.CloudValidator(drivers, driver.CapabilityImages, "cloudsnap_x")
	for value, want := range map[string]string{
		"Mist":  `This provider supports no cloud "Mist". Did you mean "mist"?`,
		"msit":  `This provider supports no cloud "msit". Did you mean "mist"?`,
		"cloud": `This provider supports no cloud "cloud".`,
	} {
		if got, _, _ := strings.Cut(refusal(t, value, v), "\n"); got != want {
			t.Errorf("%s: got %s", value, got)
		}
	}
}

// Each kind of entity refuses a timeout that is no time.
func TestTimeouts_mustBePositive(t *testing.T) {
	opts := timeouts.Opts{Create: true, Read: true, Update: true, Delete: true}
	resource, _ := kit.Timeouts(t.Context(), opts).(schema.SingleNestedAttribute)
	dataSource, _ := kit.DataSourceTimeouts(t.Context()).(datasourceschema.SingleNestedAttribute)
	ephemeral, _ := kit.EphemeralTimeouts(t.Context(), ephemeraltimeouts.Opts{}).(ephemeralschema.SingleNestedAttribute)
	validators := map[string][]validator.String{}
	for name, a := range resource.Attributes {
		text, _ := a.(schema.StringAttribute)
		validators["resource "+name] = text.Validators
	}
	for name, a := range dataSource.Attributes {
		text, _ := a.(datasourceschema.StringAttribute)
		validators["data source "+name] = text.Validators
	}
	for name, a := range ephemeral.Attributes {
		text, _ := a.(ephemeralschema.StringAttribute)
		validators["ephemeral "+name] = text.Validators
	}
	if len(validators) != 6 {
		t.Fatalf("got %v", validators)
	}
	const accepts = `The attribute must be a positive duration with a unit, as in "90m": `
	for name, v := range validators {
		for value, want := range map[string]string{
			"90m": "", "1h30m": "",
			"-5m": accepts + `"-5m" is not positive.`,
			"0s":  accepts + `"0s" is not positive.`,
			"60":  accepts + `time: missing unit in duration "60".`,
			"":    accepts + `time: invalid duration "".`,
		} {
			if got := refusal(t, value, v...); got != want {
				t.Errorf("%s: %q: got %s", name, value, got)
			}
		}
	}
}
