package cloud

import (
	"regexp"
	"strings"
	"testing"
)

func TestCheckTemplate(t *testing.T) {
	d := Descriptor{Name: "nimbus", Title: "Nimbus", Limits: Limits{
		Location: LocationChosen,
		Snapshot: IDFormat{Kind: "snapshot", Pattern: regexp.MustCompile(`^s\d+$`), Description: "s and a number"},
		Template: TemplateRule{MaxName: 3, MaxDescription: 6, MaxDefaultUser: 4},
	}}
	set := func(v string) Optional[string] { return Optional[string]{Value: v, Set: true} }
	fine := TemplateConfig{Location: set("z"), SnapshotID: set("s1"), Name: set("äöü"), Description: set("äöüäöü"), DefaultUser: set("root")}
	tests := map[string]struct {
		change func(*TemplateConfig)
		want   string
	}{
		"fine":             {func(*TemplateConfig) {}, ""},
		"unknown":          {func(d *TemplateConfig) { *d = TemplateConfig{Location: Optional[string]{Unknown: true}} }, ""},
		"left out":         {func(d *TemplateConfig) { d.Description, d.DefaultUser = Optional[string]{}, Optional[string]{} }, ""},
		"import ID":        {func(d *TemplateConfig) { d.SnapshotID = set("nimbus/z/s1") }, "snapshot_id: the ID of a snapshot at Nimbus must be s and a number"},
		"empty ID":         {func(d *TemplateConfig) { d.SnapshotID = set("") }, "snapshot_id: the ID of a snapshot must not be empty"},
		"empty name":       {func(d *TemplateConfig) { d.Name = set("") }, "name: name of a template must not be empty"},
		"long name":        {func(d *TemplateConfig) { d.Name = set("abcd") }, "name: name of a template at Nimbus has at most 3 characters, not 4"},
		"long description": {func(d *TemplateConfig) { d.Description = set("abcdefg") }, "description: description of a template at Nimbus has at most 6 characters, not 7"},
		"no description":   {func(d *TemplateConfig) { d.Description = set("") }, ""},
		"empty user":       {func(d *TemplateConfig) { d.DefaultUser = set("") }, "default_user: default_user of a template must not be empty"},
		"no location":      {func(d *TemplateConfig) { d.Location = Optional[string]{} }, "location: Nimbus keeps its objects per zone"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			draft := fine
			tc.change(&draft)
			var got []string
			for _, p := range d.CheckTemplate(draft) {
				got = append(got, p.Attribute+": "+p.Message)
				if p.Hint == "" {
					t.Error("no hint")
				}
			}
			if text := strings.Join(got, "\n"); (tc.want == "") != (text == "") || !strings.HasPrefix(text, tc.want) {
				t.Errorf("got %q, want %q", text, tc.want)
			}
		})
	}
}
