package drivertest

import (
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func descriptorIsComplete(e *env) {
	if e.Name == "" || e.Name != strings.ToLower(e.Name) || e.Title == "" || len(e.Fields) == 0 || len(e.Limits.SnapshotID) == 0 || e.Limits.Source.Kind == "" {
		e.Errorf("incomplete: %+v", e.Descriptor)
	}
	names := fieldsAreComplete(e)
	if f := e.Limits.LocationField; f != "" && !names[f] {
		e.Errorf("the default location comes from %q, which is no field", f)
	}
	if _, err := e.harness.Driver.Open(driver.Settings{}); err != nil {
		e.Errorf("open with empty settings: %v", err)
	}
	for _, s := range e.Sources() {
		if problems := rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{SourceID: known(s.ID)}); blames(problems, "source_id") {
			e.Errorf("the source %q does not fit its own form: %+v", s.ID, problems)
		}
		otherSpellingsAreRefused(e, s)
	}
}

// otherSpellingsAreRefused is about an ID or a zone that the cloud may understand and would write differently:
// Terraform would take the difference for a change, and replace the snapshot for it.
func otherSpellingsAreRefused(e *env, s Source) {
	e.Helper()
	for _, id := range []string{strings.ToUpper(s.ID), "0" + s.ID, " " + s.ID, s.ID + "\n"} {
		number := strings.Trim(s.ID, "0123456789") == ""
		if id == s.ID || (id == "0"+s.ID && !number) || s.ID != strings.ToLower(s.ID) {
			continue
		}
		if !blames(rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{SourceID: known(id)}), "source_id") {
			e.Errorf("%q, another spelling of a source, passes", id)
		}
	}
	if e.Limits.Location != driver.LocationChosen {
		return
	}
	for _, zone := range []string{strings.ToUpper(s.Location), s.Location + " "} {
		if _, ok := rules.CheckLocation(e.Descriptor, known(zone)); ok {
			e.Errorf("%q, another spelling of a zone, passes", zone)
		}
	}
	if p, ok := rules.CheckLocation(e.Descriptor, known(s.Location)); !ok {
		e.Errorf("the zone %q is refused: %+v", s.Location, p)
	}
}

// fieldsAreComplete returns the names of the fields.
func fieldsAreComplete(e *env) map[string]bool {
	e.Helper()
	names, variables, endpoints, secrets := map[string]bool{}, map[string]bool{}, 0, 0
	for _, f := range e.Fields {
		if names[f.Name] || f.Name == "" || f.Help == "" {
			e.Errorf("the field %q is there twice, or without a name or help", f.Name)
		}
		names[f.Name] = true
		for _, v := range f.Env {
			if variables[v] {
				e.Errorf("the variable %s stands for two fields", v)
			}
			variables[v] = true
		}
		if f.Endpoint {
			endpoints++
			if f.Default == "" {
				e.Errorf("the endpoint %q has no default", f.Name)
			}
		}
		if f.Sensitive {
			secrets++
		}
	}
	if endpoints == 0 || secrets == 0 {
		e.Errorf("%d endpoints and %d secrets", endpoints, secrets)
	}
	return names
}

func computedFieldsAgree(e *env) {
	ready := e.create(e.cloud, e.spec(e.source(1)))
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
		if said := slices.Contains(e.Limits.ComputedFields, report); said != told[report] {
			e.Errorf("%s: the traits say %t, and the snapshot %t", report, said, told[report])
		}
	}
	if rule := e.Limits.Name; (rule.Settable || rule.Generated) != (ready.Name != "") {
		e.Errorf("the name is %q, and its rule %+v", ready.Name, rule)
	}
}

func endpointsAreChecked(e *env) {
	for _, f := range e.Fields {
		if !f.Endpoint {
			continue
		}
		for _, bad := range []string{"http://api.example.com", "ftp://127.0.0.1", "api.example.com", "https://user:secret-in-url@api.example.com"} {
			settings := e.Settings
			settings.Values = with(settings.Values, f.Name, bad)
			_, err := cloud.Open(e.harness.Driver, settings, cloud.Options{})
			failure := e.wantError(f.Name+" = "+bad, err, driver.KindMisconfigured)
			if strings.Contains(failure.Error(), "secret-in-url") {
				e.Errorf("%s: the password of the URL is in the error: %v", f.Name, failure)
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

func namesAreChecked(e *env) {
	rule := e.Limits.Name
	if !rule.Settable {
		problems := rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{Name: known("a name")})
		if !blames(problems, "name") {
			e.Errorf("a name passes the checks, and the cloud names its snapshots itself: %+v", problems)
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
	src := e.source(1)
	for _, name := range names {
		spec := e.spec(src)
		spec.Name = name
		problems := rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{Name: known(name)})
		e.expectAgreement("the name "+name, spec, blames(problems, "name"))
	}
	spec := e.spec(src)
	spec.Name = ""
	e.expectAgreement("no name", spec, blames(rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{}), "name"))
}

func descriptionsAreChecked(e *env) {
	most := e.Limits.MaxDescription
	if most == 0 {
		if !blames(rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{Description: known("text")}), "description") {
			e.Error("a description passes the checks, and the cloud keeps none")
		}
		return
	}
	src := e.source(1)
	for _, text := range []string{"x", "Ümlaut, 📸 and\na new line", strings.Repeat("y", most), strings.Repeat("z", most+1)} {
		spec := e.spec(src)
		spec.Description = text
		e.expectAgreement("a description", spec, blames(rules.CheckSnapshot(e.Descriptor, rules.SnapshotConfig{Description: known(text)}), "description"))
	}
}

// expectAgreement creates a snapshot, and expects the cloud to refuse it exactly where the checks do.
func (e *env) expectAgreement(what string, spec driver.SnapshotSpec, refused bool) {
	e.Helper()
	made, operation, err := e.cloud.CreateSnapshot(e.Context(), spec)
	switch {
	case refused:
		if err == nil {
			e.Errorf("%s: the checks refuse what the cloud takes: %+v", what, spec)
			break
		}
		e.wantError(what, err, driver.KindInvalid)
		return
	case err != nil:
		e.Errorf("%s: the cloud refuses what the checks let pass: %+v: %v", what, spec, err)
		return
	}
	ready, err := e.cloud.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		e.Fatalf("%s: wait: %v", what, err)
	}
	if spec.Name != "" && ready.Name != spec.Name || ready.Description != spec.Description {
		e.Errorf("%s: sent %q and %q, read %q and %q", what, spec.Name, spec.Description, ready.Name, ready.Description)
	}
	if err := e.cloud.DeleteSnapshot(e.Context(), ready.Ref()); err != nil {
		e.Fatalf("%s: delete: %v", what, err)
	}
}

func known(text string) rules.Optional[string] { return rules.Optional[string]{Value: text, Set: true} }

func blames(problems []rules.Violation, attribute string) bool {
	return slices.ContainsFunc(problems, func(p rules.Violation) bool { return p.Attribute == attribute })
}
