package kit_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// described is a cloud that lists images, with a table.
type described struct {
	title string
	table driver.Attributes
}

func (described) Open(driver.Settings) (driver.Client, error) {
	return struct {
		nothing
		driver.ImageLister
	}{}, nil
}

func (d described) Descriptor() driver.Descriptor {
	return driver.Descriptor{Name: d.title, Title: d.title, Limits: driver.Limits{Image: d.table}}
}

func TestCloudTexts(t *testing.T) {
	noun := kit.Noun{
		Capability: driver.CapabilityImages,
		Table:      func(l driver.Limits) driver.Attributes { return l.Image },
	}
	mist := described{"Mist", driver.Attributes{
		"name":   {Support: driver.Required, Min: 1, Max: 9},
		"boot":   {Support: driver.OptionalComputed, OneOf: []string{"bios", "uefi"}, Default: "bios"},
		"label":  {Support: driver.Required, Min: 1},
		"note":   {Support: driver.Optional},
		"size":   {Support: driver.Computed},
		"status": {Support: driver.Computed},
	}}
	fog := described{"Fog", driver.Attributes{
		"name":   {Support: driver.Computed},
		"label":  {Support: driver.Required, Min: 1},
		"note":   {Support: driver.OptionalComputed},
		"status": {Support: driver.Computed},
	}}
	texts := noun.Texts([]driver.Driver{mist, fog})
	for name, want := range map[string]string{
		"name":  " Required at: Mist (1 to 9 characters). Read-only at: Fog.",
		"boot":  " Optional at: Mist (bios or uefi, default `bios`). Null at other clouds.",
		"label": "",
		"note":  "",
	} {
		if got := texts.Attribute(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"name": "", "status": "", "size": " Available at: Mist.", "boot": " Available at: Mist.",
	} {
		if got := texts.Available(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
