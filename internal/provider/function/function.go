package function

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The attributes of the object that are no part of an ID.
const (
	attrType        = "type"
	attrID          = "id"
	attrCloud       = "cloud"
	attrSnapshotID  = "snapshot_id"
	attrSnapshotIDs = "snapshot_ids"
)

// Types are the resource types that can be imported, with what their import IDs are made of.
type Types []*kit.Base

// New returns the constructors of all functions.
func New(types Types) []func() function.Function {
	return []func() function.Function{
		func() function.Function { return parseID{types} },
		func() function.Function { return buildID{types} },
	}
}

// standard is the type that is meant if none is named: the first one.
func (t Types) standard() string { return t[0].Noun.TypeName() }

// names lists the types.
func (t Types) names() []string {
	var names []string
	for _, b := range t {
		names = append(names, b.Noun.TypeName())
	}
	return names
}

// find returns a type by its name.
func (t Types) find(name string) (*kit.Base, error) {
	i := slices.Index(t.names(), name)
	if i < 0 {
		return nil, fmt.Errorf("the type must be one of %s, not %s", strings.Join(t.names(), ", "), driver.Quote(name))
	}
	return t[i], nil
}

// attributes are the attributes of the object that parse_id returns.
func (t Types) attributes() map[string]attr.Type {
	out := map[string]attr.Type{
		attrType: types.StringType, attrID: types.StringType, attrCloud: types.StringType,
		attrSnapshotIDs: types.ListType{ElemType: types.StringType},
	}
	for _, b := range t {
		for _, drv := range b.Drivers {
			for _, p := range b.Noun.IDParts(drv.Descriptor().Limits) {
				out[b.Noun.Attribute(p)] = types.StringType
			}
		}
	}
	return out
}

// refused is the error of a text that no ID of a cloud can have.
func refused(attribute, text string, d driver.Descriptor) error {
	return fmt.Errorf("%s cannot be %s at %s", attribute, driver.Quote(text), d.Title)
}

// extra is the attribute with the one more part that the IDs of a type may have.
func extra(b *kit.Base) string {
	if b.Noun.ExtraIsList {
		return attrSnapshotIDs
	}
	return attrSnapshotID
}
