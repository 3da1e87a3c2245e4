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

// compareTypes orders by kind, then by name.
func compareTypes(a, b tfType) int {
	kinds := []string{"resource", "data source", "ephemeral resource"}
	return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), strings.Compare(a.name, b.name))
}

// abilityOf finds what a cloud must be able to do for a type: it is named after it, data sources in the plural.
func abilityOf(t tfType) (driver.Capability, error) {
	name := strings.TrimPrefix(t.name, "cloudsnap_")
	for _, word := range []string{name, strings.TrimSuffix(name, "s")} {
		if slices.Contains(driver.AllCapabilities(), driver.Capability(word)) {
			return driver.Capability(word), nil
		}
	}
	return "", fmt.Errorf("no ability is named after the %s %s", t.kind, t.name)
}

func supportPage(drivers []driver.Driver, types []tfType) (string, error) {
	var b strings.Builder
	b.WriteString(`---
page_title: "What each cloud can do"
subcategory: ""
description: |-
  Types, attributes, limits and settings by cloud.
---

# What each cloud can do

Using what a cloud cannot do is an error when planning, before anything is changed.

## Types

`)
	var rows [][]string
	for _, t := range types {
		ability, err := abilityOf(t)
		if err != nil {
			return "", err
		}
		able := driver.SupportedBy(drivers, ability)
		rows = append(rows, row(drivers, fmt.Sprintf("`%s` (%s)", t.name, t.kind), func(d driver.Descriptor) string {
			return mark(slices.Contains(able, d.Name))
		}))
	}
	table(&b, drivers, rows)

	b.WriteString("\n## Snapshots\n\n")
	table(&b, drivers, snapshotRows(drivers))

	b.WriteString("\n## Custom images\n\n")
	var keepers []driver.Driver
	for _, d := range drivers {
		if driver.Supports(d, driver.CapabilityCustomImage) {
			keepers = append(keepers, d)
		}
	}
	table(&b, keepers, imageRows(keepers))

	b.WriteString("\n## Settings\n\nEach field of the provider's block also comes from the environment. The configuration wins over the environment.\n")
	for _, d := range drivers {
		settings(&b, d.Descriptor())
	}
	return b.String(), nil
}

func snapshotRows(drivers []driver.Driver) [][]string {
	return [][]string{
		row(drivers, "taken of", func(d driver.Descriptor) string { return d.Limits.Source.Kind }),
		row(drivers, "`source_id`", func(d driver.Descriptor) string { return orNone(d.Limits.Source.Description) }),
		row(drivers, "`name`", func(d driver.Descriptor) string { return nameRule(d.Limits.Name) }),
		row(drivers, "`description`", func(d driver.Descriptor) string {
			if d.Limits.MaxDescription == 0 {
				return none
			}
			return fmt.Sprintf("optional, up to %d characters", d.Limits.MaxDescription)
		}),
		row(drivers, "`location`", location),
		row(drivers, "one per source, `replace_existing`", func(d driver.Descriptor) string { return mark(d.Limits.SingleSlot) }),
		row(drivers, "`wait_for_remote`", func(d driver.Descriptor) string { return mark(d.Limits.Remote) }),
		row(drivers, "import ID", func(d driver.Descriptor) string { return "`" + d.IDShape(d.Limits.SnapshotID) + "`" }),
	}
}

// imageRows show which attributes of a custom image each cloud takes; what it only reports is in the page of the
// resource.
func imageRows(drivers []driver.Driver) [][]string {
	rows := [][]string{
		row(drivers, "`url`, `url_wo`", func(d driver.Descriptor) string {
			if suffixes := d.Limits.Image.Suffixes; len(suffixes) > 0 {
				return "ends in `" + strings.Join(suffixes, "` or `") + "`"
			}
			return "any"
		}),
		row(drivers, "`location`", location),
	}
	for _, f := range driver.ImageFields() {
		if !slices.ContainsFunc(drivers, func(d driver.Driver) bool { return d.Descriptor().Limits.Image.Takes(f) }) {
			continue
		}
		rows = append(rows, row(drivers, "`"+string(f)+"`", func(d driver.Descriptor) string { return imageField(d.Limits.Image, f) }))
	}
	return append(rows,
		row(drivers, "filters of `cloudsnap_images`", func(d driver.Descriptor) string {
			words := []string{"`name_regex`"}
			for _, q := range d.Limits.Image.FilterFields {
				words = append(words, "`"+string(q)+"`")
			}
			return strings.Join(words, ", ")
		}),
		row(drivers, "import ID", func(d driver.Descriptor) string { return "`" + d.IDShape(d.Limits.ImageID) + "`" }),
	)
}

func imageField(r driver.ImageRule, f driver.ImageField) string {
	words := ""
	switch f {
	case driver.ImageOSType:
		words = strings.Join(r.OSTypes, " or ")
	case driver.ImageBootMode:
		words = strings.Join(r.BootModes, " or ")
	case driver.ImageChecksum:
		words = r.ChecksumHint
	default:
	}
	text := none
	switch {
	case slices.Contains(r.Required, f):
		text = "required"
	case r.Takes(f):
		text = "optional"
	}
	if words != "" && text != none {
		text += ": " + words
	}
	return text
}

func nameRule(r driver.NameRule) string {
	switch {
	case !r.Settable:
		if !r.Generated {
			return none
		}
		return "given by the cloud"
	case r.Required:
		return strings.TrimSuffix("required: "+r.Description, ": ")
	default:
		return strings.TrimSuffix("optional: "+r.Description, ": ")
	}
}

func location(d driver.Descriptor) string {
	switch d.Limits.Location {
	case driver.LocationChosen:
		if d.Limits.LocationField != "" {
			return fmt.Sprintf("by default the provider's `%s.%s`", d.Name, d.Limits.LocationField)
		}
		return "required"
	case driver.LocationReported:
		return "read only"
	default:
		return none
	}
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
