package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const (
	yes  = "yes"
	none = "–"
)

const (
	kindAction = "action"
	kindList   = "list resource"
)

// compareTypes orders by kind, then by name.
func compareTypes(a, b tfType) int {
	kinds := []string{"resource", "data source", "ephemeral resource", kindList, kindAction}
	return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), strings.Compare(a.name, b.name))
}

// capabilityOf returns the capability that a type needs. It has the name of the type, in the singular or the plural for
// a data source. An action is named after what it does: that of export_snapshot is snapshot_export, and that of
// create_snapshot is snapshot.
func capabilityOf(t tfType) (driver.Capability, error) {
	name := strings.TrimPrefix(t.name, "cloudsnap_")
	words := []string{name, strings.TrimSuffix(name, "s"), name + "s"}
	if verb, noun, _ := strings.Cut(name, "_"); t.kind == kindAction {
		words = []string{noun + "_" + verb, noun}
	}
	for _, word := range words {
		if slices.Contains(driver.AllCapabilities(), driver.Capability(word)) {
			return driver.Capability(word), nil
		}
	}
	return "", fmt.Errorf("no capability is named after the %s %s", t.kind, t.name)
}

// supportPage is the page. figures is the folder for requests.
func supportPage(drivers []driver.Driver, types []tfType, figures string) (string, error) {
	var b strings.Builder
	b.WriteString(`---
page_title: "What each cloud can do"
subcategory: ""
description: |-
  Types, attributes, limits and settings by cloud.
---

# What each cloud can do

A plan fails if a configuration uses what its cloud does not support. Nothing is changed.

## Types

`)
	var rows [][]string
	for _, t := range types {
		capability, err := capabilityOf(t)
		if err != nil {
			return "", err
		}
		supporting := driver.SupportedBy(drivers, capability)
		rows = append(rows, row(drivers, fmt.Sprintf("`%s` (%s)", t.name, t.kind), func(d driver.Descriptor) string {
			return mark(slices.Contains(supporting, d.Name))
		}))
	}
	table(&b, drivers, rows)
	b.WriteString("\nActions and list resources (`terraform query`) need Terraform 1.14 or later. OpenTofu has neither.\n")

	for _, n := range nouns {
		b.WriteString("\n## " + n.title + "\n\n")
		var supporting []driver.Driver
		for _, d := range drivers {
			if driver.Supports(d, n.capability) {
				supporting = append(supporting, d)
			}
		}
		table(&b, supporting, attributeRows(supporting, n))
	}

	if err := requests(&b, drivers, figures); err != nil {
		return "", err
	}

	b.WriteString("\n## Settings\n\nA field of the provider's block can also come from the environment, under the " +
		"names below. The configuration takes precedence.\n")
	for _, d := range drivers {
		settings(&b, d.Descriptor())
	}
	return b.String(), nil
}

// noun is a kind of object with an attribute table.
type noun struct {
	title      string
	capability driver.Capability
	attributes func(driver.Limits) driver.Attributes
	idParts    func(driver.Limits) []driver.IDPart
}

var nouns = []noun{
	{
		"Snapshots", driver.CapabilitySnapshot,
		func(l driver.Limits) driver.Attributes { return l.Snapshot },
		func(l driver.Limits) []driver.IDPart { return l.SnapshotID },
	},
	{
		"Rotations", driver.CapabilitySnapshotRotation, driver.Limits.Rotation, driver.Limits.RotationID,
	},
	{
		"Restores", driver.CapabilitySnapshotRestore,
		func(l driver.Limits) driver.Attributes { return l.Restore },
		nil,
	},
	{
		"Custom images", driver.CapabilityCustomImage,
		func(l driver.Limits) driver.Attributes { return l.Image },
		func(l driver.Limits) []driver.IDPart { return l.ImageID },
	},
	{
		"Filters of images", driver.CapabilityImages,
		func(l driver.Limits) driver.Attributes { return l.ImageFilters },
		nil,
	},
	{
		"Templates", driver.CapabilitySnapshotTemplate,
		func(l driver.Limits) driver.Attributes { return l.Template },
		func(l driver.Limits) []driver.IDPart { return l.ImageID },
	},
	{
		"Volumes from snapshots", driver.CapabilitySnapshotVolume,
		func(l driver.Limits) driver.Attributes { return l.Volume },
		func(l driver.Limits) []driver.IDPart { return l.VolumeID },
	},
}

// attributeRows has a row for the location, one for each attribute in the table of any cloud, and one for the import
// ID. Attributes that a configuration sets come first.
func attributeRows(drivers []driver.Driver, n noun) [][]string {
	var names []string
	settable := map[string]bool{}
	for _, d := range drivers {
		for name, a := range n.attributes(d.Descriptor().Limits) {
			settable[name] = settable[name] || a.Settable()
			names = append(names, name)
		}
	}
	order := func(name string) string { return fmt.Sprintf("%t %s", !settable[name], name) }
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(order(a), order(b)) })

	rows := [][]string{row(drivers, "`location`", func(d driver.Descriptor) string {
		text := support(d.Limits.Location)
		if d.Limits.LocationField != "" {
			text += fmt.Sprintf(", default: the provider's `%s.%s`", d.Name, d.Limits.LocationField)
		}
		return text
	})}
	if n.capability == driver.CapabilitySnapshot {
		rows = append(rows, row(drivers, "source", func(d driver.Descriptor) string { return d.Limits.SourceKind }))
	}
	if n.capability == driver.CapabilitySnapshotRestore {
		rows = append(rows, row(drivers, "required state of the source", func(d driver.Descriptor) string {
			return orNone(d.Limits.RestoreState)
		}))
	}
	for _, name := range slices.Compact(names) {
		rows = append(rows, row(drivers, "`"+name+"`", func(d driver.Descriptor) string {
			return support(n.attributes(d.Limits)[name])
		}))
	}
	if n.idParts != nil {
		rows = append(rows, row(drivers, "import ID", func(d driver.Descriptor) string {
			return "`" + d.IDShape(n.idParts(d.Limits)) + "`"
		}))
	}
	if slices.ContainsFunc(drivers, func(d driver.Driver) bool { return movesTo(d.Descriptor(), n) != none }) {
		rows = append(rows, row(drivers, "`moved` from", func(d driver.Descriptor) string { return movesTo(d, n) }))
	}
	return rows
}

// movesTo lists the types of a vendor's own provider that a `moved` block can begin with.
func movesTo(d driver.Descriptor, n noun) string {
	var types []string
	for _, m := range d.Moves {
		if m.To == n.capability {
			types = append(types, "`"+m.Type+"`")
		}
	}
	return orNone(strings.Join(types, ", "))
}

// support is what a cloud does with an attribute.
func support(a driver.Attribute) string {
	text := none
	switch {
	case a.Support == driver.Required:
		text = "required"
	case a.Settable():
		text = "optional"
	case a.Supported():
		text = "read-only"
	}
	if format := a.Format(); format != "" && a.Settable() {
		text += ": " + format
	}
	if a.Default != "" {
		text += ", default `" + a.Default + "`"
	}
	return text
}

func settings(b *strings.Builder, d driver.Descriptor) {
	fmt.Fprintf(b, "\n### %s: `%s`\n\n| field | environment | default | |\n|---|---|---|---|\n", d.Title, d.Name)
	for _, f := range d.Fields {
		var env []string
		for _, name := range f.Env {
			env = append(env, "`"+name+"`")
		}
		help := f.Help
		if f.Required {
			help = "Required. " + help
		}
		standard := none
		if f.Default != "" {
			standard = "`" + f.Default + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, orNone(strings.Join(env, " or ")), standard, cell(help))
	}
}

func row(drivers []driver.Driver, head string, value func(driver.Descriptor) string) []string {
	out := []string{head}
	for _, d := range drivers {
		out = append(out, cell(value(d.Descriptor())))
	}
	return out
}

func table(b *strings.Builder, drivers []driver.Driver, rows [][]string) {
	head := row(drivers, "", func(d driver.Descriptor) string { return d.Title })
	b.WriteString("| " + strings.Join(head, " | ") + " |\n|" + strings.Repeat("---|", len(head)) + "\n")
	for _, r := range rows {
		b.WriteString("| " + strings.Join(r, " | ") + " |\n")
	}
}

func mark(ok bool) string {
	if ok {
		return yes
	}
	return none
}

func orNone(s string) string {
	if s == "" {
		return none
	}
	return s
}

// cell keeps a text from ending the cell or the row.
func cell(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "|", `\|`)), " ")
}
