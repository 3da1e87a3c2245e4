package exoscale

import (
	"cmp"
	"context"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// Image reads a template. What can be read is complete: a template has no state.
func (c *client) Image(ctx context.Context, ref cloud.Ref) (cloud.Image, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return cloud.Image{}, err
	}
	t, err := z.GetTemplate(ctx, ref.ObjectID)
	if err != nil {
		return cloud.Image{}, err
	}
	return imageFromWire(t, ref.Location), nil
}

// Images lists the templates of a zone: private ones unless the filter asks for others.
func (c *client) Images(ctx context.Context, filter cloud.ImageFilter) ([]cloud.Image, error) {
	z, err := c.zone(ctx, filter.Location)
	if err != nil {
		return nil, err
	}
	list, err := z.ListTemplates(ctx, api.TemplateQuery{
		Visibility: cmp.Or(filter.Visibility, visibilityPrivate),
		Family:     filter.Family,
	})
	if err != nil {
		return nil, err
	}
	out := make([]cloud.Image, 0, len(list.Templates))
	for _, t := range list.Templates {
		out = append(out, imageFromWire(t, filter.Location))
	}
	return out, nil
}

// CreateImage starts fetching a file as a template.
func (c *client) CreateImage(ctx context.Context, spec cloud.ImageSpec) (cloud.Image, cloud.Operation, error) {
	z, err := c.zone(ctx, spec.Location)
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	op, err := z.RegisterTemplate(ctx, imageSpecToWire(spec))
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	return newTemplate(op, cloud.Ref{Location: spec.Location}, spec.Name, spec.Description)
}

// UpdateImage starts changing a template's name and description.
func (c *client) UpdateImage(ctx context.Context, ref cloud.Ref, change cloud.ImageChange) (cloud.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return cloud.Operation{}, err
	}
	op, err := z.UpdateTemplate(ctx, ref.ObjectID, imageChangeToWire(change))
	if err != nil {
		return cloud.Operation{}, err
	}
	return accepted(op, cloud.Ref{Location: ref.Location})
}

// DeleteImage starts deleting a template. Its operation's success is the end of it.
func (c *client) DeleteImage(ctx context.Context, ref cloud.Ref) (cloud.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return cloud.Operation{}, err
	}
	op, err := z.DeleteTemplate(ctx, ref.ObjectID)
	if err != nil {
		return cloud.Operation{}, err
	}
	return deleting(op, ref)
}

// PromoteSnapshot starts making a template of a snapshot, in the zone of the snapshot.
func (c *client) PromoteSnapshot(ctx context.Context, spec cloud.PromoteSpec) (cloud.Image, cloud.Operation, error) {
	z, err := c.object(ctx, spec.Snapshot)
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	op, err := z.PromoteSnapshotToTemplate(ctx, spec.Snapshot.ObjectID, promoteSpecToWire(spec))
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	// The operation remembers the snapshot, so that a reference to it is never taken for the template.
	from := cloud.Ref{Location: spec.Snapshot.Location, SourceID: spec.Snapshot.ObjectID}
	description := ""
	if spec.Description != nil {
		description = *spec.Description
	}
	return newTemplate(op, from, spec.Name, description)
}

// newTemplate is a template that an operation makes, with the operation to wait for. It can be read once the operation has succeeded.
func newTemplate(op api.Operation, from cloud.Ref, name, description string) (cloud.Image, cloud.Operation, error) {
	operation, err := accepted(op, from)
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	operation.PollObject = true
	return cloud.Image{
		ID:          jobStatusFromWire(op, operation).ObjectID,
		Location:    from.Location,
		Name:        name,
		Description: description,
		State:       cloud.StateCreating,
		Visibility:  visibilityPrivate,
	}, operation, nil
}
