package drivertest

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

func descriptorIsComplete(e *env) {
	if e.Name == "" || e.Name != strings.ToLower(e.Name) || e.Title == "" || len(e.Fields) == 0 ||
		len(e.Limits.SnapshotID) == 0 ||
		e.Limits.SourceKind == "" {
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
		if v, ok := rules.CheckSourceID(e.Descriptor, rules.Text(s.ID)); !ok {
			e.Errorf("the source %q does not have the format of its cloud: %+v", s.ID, v)
		}
		otherSpellingsAreRefused(e, s)
	}
}

// otherSpellingsAreRefused covers an ID or a zone that the cloud may accept and return in another spelling. Terraform
// would see a change and replace the snapshot.
func otherSpellingsAreRefused(e *env, s Source) {
	e.Helper()
	for _, id := range []string{strings.ToUpper(s.ID), "0" + s.ID, " " + s.ID, s.ID + "\n"} {
		number := strings.Trim(s.ID, "0123456789") == ""
		if id == s.ID || (id == "0"+s.ID && !number) || s.ID != strings.ToLower(s.ID) {
			continue
		}
		if _, ok := rules.CheckSourceID(e.Descriptor, rules.Text(id)); ok {
			e.Errorf("%q, another spelling of a source, passes", id)
		}
	}
	if !e.Limits.Location.Settable() {
		return
	}
	for _, zone := range []string{strings.ToUpper(s.Location), s.Location + " "} {
		if _, ok := rules.CheckLocation(e.Descriptor, rules.Text(zone)); ok {
			e.Errorf("%q, another spelling of a zone, passes", zone)
		}
	}
	if p, ok := rules.CheckLocation(e.Descriptor, rules.Text(s.Location)); !ok {
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

// attributesAgree compares the table of a snapshot with the attributes that the cloud reports. The fields of
// driver.Snapshot have the names of the attributes.
func attributesAgree(e *env) {
	ready := e.create(e.cloud, e.spec(e.source(1)))
	v := reflect.ValueOf(ready)
	for _, field := range reflect.VisibleFields(v.Type()) {
		name := attributeName(field.Name)
		row, listed := e.Limits.Snapshot[name]
		switch {
		case !listed && (name == "id" || name == "state" || name == "created_at" || name == "location"):
			// They have the same meaning at every cloud, or no row in the table of a noun.
		case row.Supported() == v.FieldByIndex(field.Index).IsZero():
			e.Errorf("%s: the table has %+v, and the snapshot %+v", name, row, ready)
		}
	}
}

// attributeName is the name of a field in a schema.
func attributeName(field string) string {
	field = strings.NewReplacer("GiB", "Gib", "ID", "Id").Replace(field)
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func endpointsAreChecked(e *env) {
	for _, f := range e.Fields {
		if !f.Endpoint {
			continue
		}
		for _, bad := range []string{
			"http://api.example.com", "ftp://127.0.0.1", "api.example.com",
			"https://user:secret-in-url@api.example.com",
		} {
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

// refuses reports whether the checks at plan time refuse an attribute with that value, or without one if it is null.
func (e *env) refuses(name string, value rules.Value) bool {
	found := rules.Check(e.Descriptor, "snapshot", e.Limits.Snapshot, rules.Config{name: value})
	return slices.ContainsFunc(found, func(v rules.Violation) bool { return v.Attribute == name })
}

func namesAreChecked(e *env) {
	row := e.Limits.Snapshot["name"]
	if !row.Settable() {
		if !e.refuses("name", rules.Text("a name")) {
			e.Error("a name passes the checks, and the cloud accepts none")
		}
		return
	}
	names := []string{
		"a", "ab", "abc", "UPPER lower 123", "with space", "dash-ed", "under_score", "dot.ted",
		"ümlaut", "sla/sh", "tab\tin", "snap 📸",
		strings.Repeat("a", max(row.Min, 1)), strings.Repeat("b", row.Min+1),
	}
	if row.Min > 1 {
		names = append(names, strings.Repeat("c", row.Min-1))
	}
	if row.Max > 0 {
		names = append(names, strings.Repeat("d", row.Max), strings.Repeat("e", row.Max+1))
	}
	src := e.source(1)
	for _, name := range names {
		spec := e.spec(src)
		spec.Name = name
		e.expectAgreement("the name "+name, spec, e.refuses("name", rules.Text(name)))
	}
	spec := e.spec(src)
	spec.Name = ""
	if refused := e.refuses("name", rules.Value{}); refused != (row.Support == driver.Required) {
		e.Errorf("the checks refuse a snapshot without a name: %t", refused)
	}
	// The engine gives it a name, which the cloud must accept and the checks too.
	if made := e.create(e.cloud, spec); made.Name == "" || e.refuses("name", rules.Text(made.Name)) {
		e.Errorf("a snapshot without a name is named %q", made.Name)
	}
}

func descriptionsAreChecked(e *env) {
	row := e.Limits.Snapshot["description"]
	if !row.Settable() {
		if !e.refuses("description", rules.Text("text")) {
			e.Error("a description passes the checks, and the cloud accepts none")
		}
		return
	}
	src := e.source(1)
	texts := []string{"x", "Ümlaut, 📸 and\na new line", strings.Repeat("y", row.Max), strings.Repeat("z", row.Max+1)}
	for _, text := range texts {
		spec := e.spec(src)
		spec.Description = text
		e.expectAgreement("a description", spec, e.refuses("description", rules.Text(text)))
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
