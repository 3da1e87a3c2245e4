package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func TestCheckTemplate(t *testing.T) {
	d := driver.Descriptor{Name: "nimbus", Title: "Nimbus", Limits: driver.Limits{
		Location: driver.LocationChosen,
		Snapshot: driver.IDFormat{Kind: "snapshot", Pattern: regexp.MustCompile(`^s\d+$`), Description: "s and a number"},
		Template: driver.TemplateRule{MaxName: 3, MaxDescription: 6, MaxDefaultUser: 4},
	}}
	set := func(v string) rules.Optional[string] { return rules.Optional[string]{Value: v, Set: true} }
	fine := rules.TemplateConfig{Location: set("z"), SnapshotID: set("s1"), Name: set("äöü"), Description: set("äöüäöü"), DefaultUser: set("root")}
	tests := map[string]struct {
		change func(*rules.TemplateConfig)
		want   string
	}{
		"fine": {func(*rules.TemplateConfig) {}, ""},
		"unknown": {func(d *rules.TemplateConfig) {
			*d = rules.TemplateConfig{Location: rules.Optional[string]{Unknown: true}}
		}, ""},
		"left out": {func(d *rules.TemplateConfig) {
			d.Description, d.DefaultUser = rules.Optional[string]{}, rules.Optional[string]{}
		}, ""},
		"import ID":        {func(d *rules.TemplateConfig) { d.SnapshotID = set("nimbus/z/s1") }, "snapshot_id: the ID of a snapshot at Nimbus must be s and a number"},
		"empty ID":         {func(d *rules.TemplateConfig) { d.SnapshotID = set("") }, "snapshot_id: the ID of a snapshot must not be empty"},
		"empty name":       {func(d *rules.TemplateConfig) { d.Name = set("") }, "name: name of a template must not be empty"},
		"long name":        {func(d *rules.TemplateConfig) { d.Name = set("abcd") }, "name: name of a template at Nimbus has at most 3 characters, not 4"},
		"long description": {func(d *rules.TemplateConfig) { d.Description = set("abcdefg") }, "description: description of a template at Nimbus has at most 6 characters, not 7"},
		"no description":   {func(d *rules.TemplateConfig) { d.Description = set("") }, ""},
		"empty user":       {func(d *rules.TemplateConfig) { d.DefaultUser = set("") }, "default_user: default_user of a template must not be empty"},
		"no location":      {func(d *rules.TemplateConfig) { d.Location = rules.Optional[string]{} }, "location: Nimbus keeps its objects per zone"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			draft := fine
			tc.change(&draft)
			var got []string
			for _, p := range rules.CheckTemplate(d, draft) {
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
