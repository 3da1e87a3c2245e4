package kit_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, Größe 10 €, 雪":   "plain text, Größe 10 €, 雪",
		"\x1b[2J\x1b[31mred":          `\x1b[2J\x1b[31mred`,
		"title\x1b]0;pwned\a":         `title\x1b]0;pwned\a`,
		"over\rwritten\nline\ttab":    `over\rwritten\nline\ttab`,
		"del\x7f csi\u009b":           `del\x7f csi\u009b`,
		"a\u202eb\u2066c\u2069":       `a\u202eb\u2066c\u2069`,
		"zero\u200bwidth\ufeff\u2028": `zero\u200bwidth\ufeff\u2028`,
		"broken \xff\xfe":             `broken \xff\xfe`,
		strings.Repeat("ä", 1000):     strings.Repeat("ä", 1000),
		strings.Repeat("ä", 1001):     strings.Repeat("ä", 1000) + "…",
		strings.Repeat("x", 1<<17):    strings.Repeat("x", 1000) + "…",
	} {
		if got := kit.Visible(in); got != want {
			t.Errorf("%.40q became %.60q, want %.60q", in, got, want)
		}
	}
}

// Nothing that a cloud sends reaches a terminal as it is, whatever part of an error it is in.
func TestDiagnostics_showControlCharacters(t *testing.T) {
	const bad = "a\x1b[2Jb\rc\nd\u202ee\u009bf"
	e := &driver.Error{
		Kind: driver.KindLimit, Cloud: "x", Op: "create snapshot", Message: bad, Hint: "Looking for it failed too: " + bad,
		Ref: driver.Ref{Location: bad, SourceID: bad, ObjectID: bad}, Code: bad, RequestID: bad, OperationID: bad,
		Fields:            []driver.VendorField{{Name: bad, Message: bad}},
		ExistingSnapshots: []driver.Snapshot{{ID: bad, Name: bad}},
	}
	var diags diag.Diagnostics
	kit.AddError(&diags, e)
	kit.AddError(&diags, errors.New(bad))
	kit.AddTaintedError(&diags, e, "x/"+bad)
	kit.WarnInterrupted(&diags, e, "x/"+bad)
	kit.AddViolations([]rules.Violation{{Attribute: "name", Message: "it is " + bad}}, &diags)
	var created resource.CreateResponse
	kit.FinishCreate(t.Context(), &created, "x/"+bad, driver.Operation{Adopted: true}, nil)
	diags.Append(created.Diagnostics...)
	kit.WarnRetained(&diags, "thing", "x/"+bad)
	if len(diags) != 7 {
		t.Fatalf("%d diagnostics", len(diags))
	}
	for _, d := range diags {
		text := d.Summary() + d.Detail()
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
			t.Errorf("not visible: %q", text)
		}
		if !strings.Contains(text, `a\x1b[2Jb\rc`) {
			t.Errorf("the escape is not shown: %q", text)
		}
	}
	// The line breaks of the provider itself stay, and those of the cloud make no new lines of facts.
	_, detail := kit.Explain(
		&driver.Error{Kind: driver.KindInvalid, Cloud: "x", Op: "do it", Message: "m\nHTTP status: 200"},
	)
	want := "The cloud rejected the request: m\\nHTTP status: 200.\n\nChange the values named above, and apply " +
		"again.\n\ncloud: x\noperation: do it"
	if detail != want {
		t.Errorf("got %q, want %q", detail, want)
	}
}
