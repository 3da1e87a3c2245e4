package kit

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// ListBase is embedded in every list resource. Its methods are those that depend on the noun alone.
type ListBase struct{ Base }

// NewListBase returns the base of a noun's list resource for a list of clouds.
func NewListBase(noun Noun, drivers []driver.Driver) ListBase {
	return ListBase{Base{Drivers: drivers, Noun: noun}}
}

// Metadata sets the name of the type, which is that of the resource.
func (b *ListBase) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = b.Noun.TypeName()
}

// Configure sets the provider's clouds.
func (b *ListBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// ValidateListResourceConfig adds what the cloud does not accept, as far as the configuration alone shows.
func (b *ListBase) ValidateListResourceConfig(
	_ context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse,
) {
	b.CheckFilters(req.Config, &resp.Diagnostics)
}

// Filters are the attributes that every list resource has. words are the states that the filter `states` accepts; none
// accepts any.
func (b *ListBase) Filters(words []string) map[string]schema.Attribute {
	var validators []validator.List
	if len(words) > 0 {
		validators = append(validators, listvalidator.ValueStringsAre(Word(words...)))
	}
	return map[string]schema.Attribute{
		"cloud": schema.StringAttribute{
			MarkdownDescription: b.cloudText(),
			Required:            true,
			Validators:          b.cloudValidators(b.Noun.TypeName()),
		},
		"location": schema.StringAttribute{
			MarkdownDescription: b.Noun.Texts(b.Drivers).LocationFilter(),
			Optional:            true,
		},
		"name_regex": schema.StringAttribute{
			MarkdownDescription: nameRegexText(b.Noun.Name),
			Optional:            true,
			Validators:          []validator.String{Regexp()},
		},
		"states": schema.ListAttribute{
			MarkdownDescription: StatesText(b.Noun.Name, words),
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          validators,
		},
	}
}

// Found is what the filters and the display name need of an object.
type Found struct {
	Ref   driver.Ref
	Name  string
	State driver.State
}

// Listing is how a list resource lists objects of the type T. M is the model of the resource.
type Listing[M, T any] struct {
	// All yields the pages of the objects of a source or of a location; both may be empty.
	All func(ctx context.Context, cl *cloud.Cloud, within driver.Ref) iter.Seq2[[]T, error]
	// Found describes an object.
	Found func(T) Found
	// Set sets a model to what a read after an import of the object sets, and returns the identity. The model has
	// nothing but the cloud.
	Set func(cl *cloud.Cloud, model *M, object T) (identity any)
}

// listTimeout is the limit of a listing, for a cloud that does not answer, or asks for a pause without end. A walk of
// thousands of machines takes minutes.
const listTimeout = time.Hour

// List lists the objects that match the configuration of a list resource. Results come as the loop of the framework
// takes them: a page of the cloud is read when its first result is needed, and no further page after the limit. An
// object that is being deleted is left out, because it cannot be imported. An error is the last result. The loop blocks
// while a page is read, for an hour in all, or until ctx ends.
func List[M, T any](
	ctx context.Context, b *ListBase, req list.ListRequest, stream *list.ListResultsStream, how Listing[M, T],
) {
	var diags diag.Diagnostics
	q, ok := b.openQuery(ctx, req.Config, &diags)
	if !ok {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		limited, cancel := context.WithTimeout(ctx, listTimeout)
		defer cancel()
		pushed := int64(0)
		matching := driver.Convert(how.All(limited, q.cloud, q.within), func(object T) (T, bool) {
			return object, q.matches(how.Found(object))
		})
		for page, err := range matching {
			if err != nil {
				var diags diag.Diagnostics
				AddError(&diags, err)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			for _, object := range page {
				if !push(listResult(ctx, req, q.cloud, how, object)) {
					return
				}
				if pushed++; pushed == req.Limit {
					return
				}
			}
		}
	}
}

// listResult is an object as a result, with the resource if it is asked for.
func listResult[M, T any](
	ctx context.Context, req list.ListRequest, cl *cloud.Cloud, how Listing[M, T], object T,
) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = how.Found(object).displayName(cl.Limits)
	var model M
	if req.IncludeResource {
		// A model that is decoded has typed nulls, as that of a read after an import.
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("cloud"), cl.Name)...)
		result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	}
	result.Diagnostics.Append(result.Identity.Set(ctx, how.Set(cl, &model, object))...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	}
	return result
}

// displayName is the name, or the ID if there is none, and what tells objects of one name apart: the source and the
// location, or else the ID.
func (f Found) displayName(l driver.Limits) string {
	var where []string
	if f.Ref.SourceID != "" {
		where = append(where, l.SourceKind+" "+f.Ref.SourceID)
	}
	if f.Ref.Location != "" {
		where = append(where, f.Ref.Location)
	}
	name := f.Name
	if name == "" {
		name = f.Ref.ObjectID
	} else if len(where) == 0 {
		where = append(where, f.Ref.ObjectID)
	}
	if len(where) == 0 {
		return Visible(name)
	}
	return Visible(name + " (" + strings.Join(where, ", ") + ")")
}

// query is the configuration of a list resource.
type query struct {
	cloud *cloud.Cloud
	// within has the source and the location.
	within driver.Ref
	name   *regexp.Regexp
	// states are the wanted ones; none means all.
	states []string
}

// openQuery reads the configuration of a list resource, checks it as the validation does, now with all values known,
// and opens its cloud. A location that is not set is the provider's default. It is false after an error.
func (b *ListBase) openQuery(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (q query, ok bool) {
	if !b.CheckFilters(config, diags) {
		return q, false
	}
	values := objectValues(config.Raw)
	if q.cloud, ok = b.Cloud(valueOf(values["cloud"]).Text, diags); !ok {
		return q, false
	}
	q.within.SourceID = valueOf(values["source_id"]).Text
	q.within.Location, ok = b.locationOrDefault(q.cloud, StringOrNull(valueOf(values["location"]).Text), diags)
	if !ok {
		return q, false
	}
	var err error
	if q.name, err = regexp.Compile(valueOf(values["name_regex"]).Text); err != nil {
		diags.AddAttributeError(path.Root("name_regex"), "Invalid value", visibleLines(stop(err.Error())))
	}
	diags.Append(config.GetAttribute(ctx, path.Root("states"), &q.states)...)
	return q, !diags.HasError()
}

// matches reports whether an object passes the filters, and can be imported.
func (q query) matches(f Found) bool {
	return f.State != driver.StateDeleting && q.name.MatchString(f.Name) &&
		(len(q.states) == 0 || slices.Contains(q.states, string(f.State)))
}
