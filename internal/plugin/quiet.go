package plugin

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is what the framework serves.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// quiet is a server that gets the calls that a configuration has many of without the loggers in their contexts. The
// framework makes more loggers of them even if no log is configured, and keeps the context of each call as long as the
// process lives: two thirds of the memory in a plan of 500 snapshots. The other calls are passed on as they are.
type quiet struct{ server }

// unlogged passes a call on with a context without values. The context ends when that of the call does.
func unlogged[Req, Resp any](
	ctx context.Context, req Req, call func(context.Context, Req) (Resp, error),
) (Resp, error) {
	own, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	return call(own, req) //nolint:contextcheck // It ends with ctx.
}

// ValidateResourceConfig passes the call on.
func (q quiet) ValidateResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return unlogged(ctx, req, q.server.ValidateResourceConfig)
}

// UpgradeResourceState passes the call on.
func (q quiet) UpgradeResourceState(
	ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return unlogged(ctx, req, q.server.UpgradeResourceState)
}

// UpgradeResourceIdentity passes the call on.
func (q quiet) UpgradeResourceIdentity(
	ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return unlogged(ctx, req, q.server.UpgradeResourceIdentity)
}

// ReadResource passes the call on.
func (q quiet) ReadResource(
	ctx context.Context, req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	return unlogged(ctx, req, q.server.ReadResource)
}

// PlanResourceChange passes the call on.
func (q quiet) PlanResourceChange(
	ctx context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	return unlogged(ctx, req, q.server.PlanResourceChange)
}

// ApplyResourceChange passes the call on.
func (q quiet) ApplyResourceChange(
	ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return unlogged(ctx, req, q.server.ApplyResourceChange)
}

// ImportResourceState passes the call on.
func (q quiet) ImportResourceState(
	ctx context.Context, req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return unlogged(ctx, req, q.server.ImportResourceState)
}

// ValidateDataResourceConfig passes the call on.
func (q quiet) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return unlogged(ctx, req, q.server.ValidateDataResourceConfig)
}

// ReadDataSource passes the call on.
func (q quiet) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return unlogged(ctx, req, q.server.ReadDataSource)
}

// CallFunction passes the call on.
func (q quiet) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return unlogged(ctx, req, q.server.CallFunction)
}
