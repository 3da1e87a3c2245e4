package cloudtest

import (
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func descriptorIsComplete(b *bench) {
	if b.Name == "" || b.Name != strings.ToLower(b.Name) || b.Title == "" || len(b.Fields) == 0 || len(b.Limits.SnapshotID) == 0 || b.Limits.Source.Kind == "" {
		b.Errorf("incomplete: %+v", b.Descriptor)
	}
	names := fieldsAreComplete(b)
	if f := b.Limits.LocationField; f != "" && !names[f] {
		b.Errorf("the default location comes from %q, which is no field", f)
	}
	if _, err := b.harness.Driver.Open(driver.Settings{}); err != nil {
		b.Errorf("open with empty settings: %v", err)
	}
	for _, s := range b.Sources() {
		if problems := rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{SourceID: known(s.ID)}); blames(problems, "source_id") {
			b.Errorf("the source %q does not fit its own form: %+v", s.ID, problems)
		}
		otherSpellingsAreRefused(b, s)
	}
}

// otherSpellingsAreRefused is about an ID or a zone that the cloud may understand and would write differently: Terraform would take the difference for
// a change, and replace the snapshot for it.
func otherSpellingsAreRefused(b *bench, s Source) {
	b.Helper()
	for _, id := range []string{strings.ToUpper(s.ID), "0" + s.ID, " " + s.ID, s.ID + "\n"} {
		number := strings.Trim(s.ID, "0123456789") == ""
		if id == s.ID || (id == "0"+s.ID && !number) || s.ID != strings.ToLower(s.ID) {
			continue
		}
		if !blames(rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{SourceID: known(id)}), "source_id") {
			b.Errorf("%q, another spelling of a source, passes", id)
		}
	}
	if b.Limits.Location != driver.LocationChosen {
		return
	}
	for _, zone := range []string{strings.ToUpper(s.Location), s.Location + " "} {
		if _, ok := rules.CheckLocation(b.Descriptor, known(zone)); ok {
			b.Errorf("%q, another spelling of a zone, passes", zone)
		}
	}
	if p, ok := rules.CheckLocation(b.Descriptor, known(s.Location)); !ok {
		b.Errorf("the zone %q is refused: %+v", s.Location, p)
	}
}

// fieldsAreComplete returns the names of the fields.
func fieldsAreComplete(b *bench) map[string]bool {
	b.Helper()
	names, variables, endpoints, secrets := map[string]bool{}, map[string]bool{}, 0, 0
	for _, f := range b.Fields {
		if names[f.Name] || f.Name == "" || f.Help == "" {
			b.Errorf("the field %q is there twice, or without a name or help", f.Name)
		}
		names[f.Name] = true
		for _, v := range f.Env {
			if variables[v] {
				b.Errorf("the variable %s stands for two fields", v)
			}
			variables[v] = true
		}
		if f.Endpoint {
			endpoints++
			if f.Default == "" {
				b.Errorf("the endpoint %q has no default", f.Name)
			}
		}
		if f.Sensitive {
			secrets++
		}
	}
	if endpoints == 0 || secrets == 0 {
		b.Errorf("%d endpoints and %d secrets", endpoints, secrets)
	}
	return names
}

func reportsItsTraits(b *bench) {
	ready := b.create(b.cloud, b.spec(b.source(1)))
	told := map[driver.ComputedField]bool{
		driver.ComputedExpiry:                !ready.ExpiresAt.IsZero(),
		driver.ComputedSize:                  ready.SizeGiB != nil,
		driver.ComputedImageID:               ready.ImageID != "",
		driver.ComputedImageName:             ready.ImageName != "",
		driver.ComputedApplicationConsistent: ready.ApplicationConsistent != nil,
		driver.ComputedStorageType:           ready.StorageType != "",
		driver.ComputedRestoreTime:           ready.RestoreTimeSeconds != nil,
	}
	for _, report := range driver.AllComputedFields() {
		if said := slices.Contains(b.Limits.ComputedFields, report); said != told[report] {
			b.Errorf("%s: the traits say %t, and the snapshot %t", report, said, told[report])
		}
	}
	if rule := b.Limits.Name; (rule.Settable || rule.Generated) != (ready.Name != "") {
		b.Errorf("the name is %q, and its rule %+v", ready.Name, rule)
	}
}

func endpointsAreChecked(b *bench) {
	for _, f := range b.Fields {
		if !f.Endpoint {
			continue
		}
		for _, bad := range []string{"http://api.example.com", "ftp://127.0.0.1", "api.example.com", "https://user:secret-in-url@api.example.com"} {
			settings := b.Settings
			settings.Values = with(settings.Values, f.Name, bad)
			_, err := cloud.Open(b.harness.Driver, settings, cloud.Options{})
			failure := b.failed(f.Name+" = "+bad, err, driver.KindMisconfigured)
			if strings.Contains(failure.Error(), "secret-in-url") {
				b.Errorf("%s: the password of the URL is in the error: %v", f.Name, failure)
			}
		}
	}
}

func with(values map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	for k, v := range values {
		if k != name {
			out[k] = v
		}
	}
	return out
}

func namesAreChecked(b *bench) {
	rule := b.Limits.Name
	if !rule.Settable {
		problems := rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{Name: known("a name")})
		if !blames(problems, "name") {
			b.Errorf("a name passes the checks, and the cloud names its snapshots itself: %+v", problems)
		}
		return
	}
	names := []string{
		"a", "ab", "abc", "UPPER lower 123", "with space", "dash-ed", "under_score", "dot.ted", "ümlaut", "sla/sh", "tab\tin", "snap 📸",
		strings.Repeat("a", max(rule.Min, 1)), strings.Repeat("b", rule.Min+1),
	}
	if rule.Min > 1 {
		names = append(names, strings.Repeat("c", rule.Min-1))
	}
	if rule.Max > 0 {
		names = append(names, strings.Repeat("d", rule.Max), strings.Repeat("e", rule.Max+1))
	}
	src := b.source(1)
	for _, name := range names {
		spec := b.spec(src)
		spec.Name = name
		problems := rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{Name: known(name)})
		b.agrees("the name "+name, spec, blames(problems, "name"))
	}
	spec := b.spec(src)
	spec.Name = ""
	b.agrees("no name", spec, blames(rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{}), "name"))
}

func descriptionsAreChecked(b *bench) {
	most := b.Limits.MaxDescription
	if most == 0 {
		if !blames(rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{Description: known("text")}), "description") {
			b.Error("a description passes the checks, and the cloud keeps none")
		}
		return
	}
	src := b.source(1)
	for _, text := range []string{"x", "Ümlaut, 📸 and\na new line", strings.Repeat("y", most), strings.Repeat("z", most+1)} {
		spec := b.spec(src)
		spec.Description = text
		b.agrees("a description", spec, blames(rules.CheckSnapshot(b.Descriptor, rules.SnapshotConfig{Description: known(text)}), "description"))
	}
}

// agrees creates what the checks have refused or not, and wants the same of the cloud.
func (b *bench) agrees(what string, spec driver.SnapshotSpec, refused bool) {
	b.Helper()
	made, operation, err := b.cloud.CreateSnapshot(b.Context(), spec)
	switch {
	case refused:
		if err == nil {
			b.Errorf("%s: the checks refuse what the cloud takes: %+v", what, spec)
			break
		}
		b.failed(what, err, driver.KindInvalid)
		return
	case err != nil:
		b.Errorf("%s: the cloud refuses what the checks let pass: %+v: %v", what, spec, err)
		return
	}
	ready, err := b.cloud.WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		b.Fatalf("%s: wait: %v", what, err)
	}
	if spec.Name != "" && ready.Name != spec.Name || ready.Description != spec.Description {
		b.Errorf("%s: sent %q and %q, read %q and %q", what, spec.Name, spec.Description, ready.Name, ready.Description)
	}
	if err := b.cloud.DeleteSnapshot(b.Context(), ready.Ref()); err != nil {
		b.Fatalf("%s: delete: %v", what, err)
	}
}

func known(text string) rules.Optional[string] { return rules.Optional[string]{Value: text, Set: true} }

func blames(problems []rules.Violation, attribute string) bool {
	return slices.ContainsFunc(problems, func(p rules.Violation) bool { return p.Attribute == attribute })
}
