package kit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// AddViolations adds what a cloud would refuse, each problem at its attribute.
func AddViolations(problems []rules.Violation, diags *diag.Diagnostics) {
	for _, p := range problems {
		diags.AddAttributeError(
			path.Root(p.Attribute),
			"Invalid configuration",
			fmt.Sprintf("%s.\n\n%s", Visible(sentence(p.Message)), visibleLines(p.Hint)),
		)
	}
}

// sentence begins with a capital, unless it begins with the name of an attribute.
func sentence(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || strings.Contains(word, "_") {
		return s
	}
	return capital(s)
}

// capital begins a text with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
