package kit

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func TestFound_displayName(t *testing.T) {
	limits := driver.Limits{SourceKind: "instance"}
	for want, f := range map[string]Found{
		"nightly (instance 42001)":        {Name: "nightly", Ref: driver.Ref{SourceID: "42001", ObjectID: "s1"}},
		"nightly (instance i1, ch-gva-2)": {Name: "nightly", Ref: driver.Ref{Location: "ch-gva-2", SourceID: "i1"}},
		"golden (ch-gva-2)":               {Name: "golden", Ref: driver.Ref{Location: "ch-gva-2", ObjectID: "t1"}},
		"golden (image-1)":                {Name: "golden", Ref: driver.Ref{ObjectID: "image-1"}},
		"s1 (instance 17924)":             {Ref: driver.Ref{SourceID: "17924", ObjectID: "s1"}},
		"image-1":                         {Ref: driver.Ref{ObjectID: "image-1"}},
		`\x1b[31mred\nnew line (image-1)`: {Name: "\x1b[31mred\nnew line", Ref: driver.Ref{ObjectID: "image-1"}},
	} {
		if got := f.displayName(limits); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
